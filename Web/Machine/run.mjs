// Replays a log of blocks in the WebAssembly machine and prints the number of blocks and the state root.
// Usage: node run.mjs machine.wasm blocks.bin
// The log: pieces of a 32-bit length, lowest byte first, and as many bytes; first the genesis, then blocks.
import { readFileSync } from 'node:fs'

const [wasm, log] = process.argv.slice(2)
const { instance } = await WebAssembly.instantiate(readFileSync(wasm), {})
const machine = instance.exports
const bytes = readFileSync(log)

function give(piece, call) {
    const place = machine.reserve(piece.length)
    new Uint8Array(machine.memory.buffer, place, piece.length).set(piece)
    const answer = call(piece.length)
    if (answer !== 0) {
        console.error(`run: the machine answered ${answer} to block ${blocks}`)
        process.exit(1)
    }
}

let blocks = 0
let place = 0
while (place < bytes.length) {
    const length = bytes.readUInt32LE(place)
    const piece = bytes.subarray(place + 4, place + 4 + length)
    if (place === 0) give(piece, machine.start)
    else { blocks += 1; give(piece, machine.apply) }
    place += 4 + length
}
const root = Buffer.from(machine.memory.buffer, machine.root(), 32).toString('hex')
console.log(`${blocks} ${root}`)
