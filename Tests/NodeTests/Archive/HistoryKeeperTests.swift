/// The keeper of a history and the questions put to it: how it goes on, what it refuses, what it
/// says when it cannot.
import Canonical
import Gateway
import History
import Ledger
import Replication
import Synchronization
import Testing

@testable import Node

@Suite struct HistoryKeeperTests {
    @Test func `it catches up, ends, and goes on from its mark`() throws {
        let chain = try HistoryChain()
        let short = try chain.store("short", 2)
        let first = chain.keep(short, chain.location())
        #expect(first.standing == (2, 2, .keeping))
        try short.close()
        let long = try chain.store("long")
        #expect(try chain.writer(long, chain.location()).height == 2)
        let second = chain.keep(long, chain.location())
        #expect(second.standing == (3, 3, .keeping))
        try long.close()
        let store = try HistoryStore(
            chain.location(), chain: chain.genesis.chain, mode: .reading)
        #expect(try store.mark()?.hash == chain.records[2].header.hash)
    }

    @Test func `a history of other blocks is refused and left alone`() throws {
        let chain = try HistoryChain()
        let long = try chain.store("long")
        _ = chain.keep(long, chain.location())
        try long.close()
        let short = try chain.store("short", 2)
        let refused = chain.keep(short, chain.location())
        guard case .refused = refused.standing.stage else {
            Issue.record("\(refused.standing)")
            return
        }
        #expect(refused.neededFrom == .max, "nothing waits for it")
        #expect(refused.wait(for: 1, milliseconds: 1) != nil)
        do throws(KeepingFault) {
            _ = try HistoryWriter(chain.location(), genesis: chain.genesis, blocks: short)
            Issue.record("it is opened")
        } catch {
            #expect(!error.isPassing)
            #expect(error.text.contains("stands at block 3, and the chain at block 2"))
            #expect(error.text.contains("rampart history rebuild"))
        }
        try short.close()
        let store = try HistoryStore(
            chain.location(), chain: chain.genesis.chain, mode: .reading)
        #expect(try store.mark()?.height == 3)
    }

    @Test func `a history that lacks pruned blocks is refused, one that has them goes on`() throws {
        let chain = try HistoryChain()
        let blocks = try chain.store("pruned", kept: 1)
        try chain.writer(blocks, chain.location("two")).advance(to: 2)
        try blocks.flushLeaves()
        try blocks.prune(below: 3)
        #expect(try blocks.firstBlock == 3)
        #expect(chain.keep(blocks, chain.location("two")).standing == (3, 3, .keeping))
        do throws(KeepingFault) {
            _ = try HistoryWriter(chain.location("none"), genesis: chain.genesis, blocks: blocks)
            Issue.record("it is opened")
        } catch {
            #expect(error.text.contains("stands at block 0, and the store keeps blocks from 3"))
            #expect(error.text.contains("history.database = none"))
        }
        try blocks.close()
    }

    @Test func `blocks that the history lacks are needed`() throws {
        let chain = try HistoryChain()
        let blocks = try chain.store("data")
        let keeper = chain.keeper(blocks, chain.location())
        #expect(keeper.neededFrom == 0)
        keeper.stop()
        keeper.run()
        #expect(keeper.neededFrom == 4)
        keeper.note(9)
        #expect(keeper.standing.tip == 9)
        #expect(keeper.wait(for: 3, milliseconds: 1) == nil)
        #expect(keeper.wait(for: 4, milliseconds: 1) == .behind(height: 3, of: 9))
        try blocks.close()
    }

    @Test func `a database that cannot be reached is waited for`() throws {
        let chain = try HistoryChain()
        let blocks = try chain.store("data")
        let keeper = chain.keep(blocks, chain.location("no/such/folder"))
        guard case .waiting(let reason) = keeper.standing.stage else {
            Issue.record("\(keeper.standing)")
            return
        }
        #expect(!reason.contains("folder"), "clients hear nothing of the machine")
        #expect(keeper.neededFrom == 1, "what it lacks is kept for it")
        #expect(keeper.wait(for: 1, milliseconds: 1) == .unavailable(reason: reason))
        try blocks.close()
    }

    @Test func `the desk answers, refuses what is too much, and ends`() throws {
        let chain = try HistoryChain()
        let blocks = try chain.store("data")
        let keeper = chain.keep(blocks, chain.location())
        let answers = Mutex<[(Ticket, Bool)]>([])
        let desk = HistoryDesk(
            chain.location(), chain: chain.genesis.chain, keeper: keeper,
            log: Log(least: .error, format: .text)
        ) { ticket, result in
            let isAnswered = if case .success = result { true } else { false }
            answers.withLock { $0.append((ticket, isAnswered)) }
        }
        let question = PastQuestion.deliveries(UnderlyingIdentifier(0), offset: 0, count: 1)
        for number in 0..<UInt64(HistoryDesk.limit) + 1 {
            desk.put(Ticket(number), question, height: 3)
        }
        // One too many is told at once.
        #expect(answers.withLock { $0.map { $0.0.number } } == [UInt64(HistoryDesk.limit)])
        let threads = NodeThreads()
        threads.start("desk") { desk.run() }
        while answers.withLock({ $0.count }) <= HistoryDesk.limit {}
        desk.stop()
        threads.join()
        #expect(answers.withLock { $0.count { $0.1 } } == HistoryDesk.limit)
        desk.put(Ticket(999), question, height: 3)
        #expect(answers.withLock { $0.last?.1 } == false)
        try blocks.close()
    }
}
