/// How a store comes to be: beside its place, and complete before it gets its name.

package import Canonical

extension BlockStore {
    /// Creates the store of a chain whose machine is in its state before the first block.
    ///
    /// - Parameter path: a folder that is empty or does not exist.
    /// - Throws: `StorageFault.notEmpty`, `.unfinished`, or what the disk says.
    package static func create<Machine: StateMachine & ~Copyable>(
        at path: String, machine: borrowing Machine, options: StoreOptions = StoreOptions()
    ) throws(StorageFault) {
        let creation = try StoreCreation(
            at: path, chain: machine.chain, options: options)
        try creation.append(machine.leaves())
        try creation.finish(
            LeafMark(height: 0, hash: machine.chain, root: machine.root), header: nil, term: 0)
    }
}

/// A store that is being made. Until `finish` there is none at the path.
struct StoreCreation: ~Copyable {
    private let paths: StorePaths
    private let chain: Digest
    private let options: StoreOptions
    private let lockFile: File
    private let leaves: Database

    init(at path: String, chain: Digest, options: StoreOptions) throws(StorageFault) {
        let paths = StorePaths(folder: path)
        if Folder.exists(path) {
            guard Folder.names(in: path)?.isEmpty == true else { throw .notEmpty(folder: path) }
        }
        let new = paths.unfinished
        if Folder.exists(new.folder) { throw .unfinished(folder: new.folder) }
        try Folder.create(new.folder)
        let lockFile = try File(new.lock, .creating)
        try lockFile.lock()
        self.init(
            paths: paths, chain: chain, options: options, lockFile: lockFile,
            leaves: try OpenedStore.open(leavesOf: new, .creating, options))
    }

    private init(
        paths: StorePaths, chain: Digest, options: StoreOptions, lockFile: consuming File,
        leaves: Database
    ) {
        self.options = options
        self.paths = paths
        self.chain = chain
        self.lockFile = lockFile
        self.leaves = leaves
    }

    /// Adds leaves, each key once over all calls.
    func append(_ list: LeafList) throws(StorageFault) {
        let batch = WriteBatch()
        let (keys, values) = (list.keys.storage, list.values.storage)
        for index in 0..<list.count {
            batch.put(
                keys.span.extracting(list.keys.range(of: index)),
                values.span.extracting(list.values.range(of: index)),
                in: LeafFamily.leaves.rawValue, of: leaves)
        }
        try leaves.write(batch)
    }

    /// Completes the store and gives it its name.
    ///
    /// - Parameters:
    ///   - header: the header that the mark names; nil before the first block.
    ///   - term: the lowest term that a new block may have.
    consuming func finish(
        _ mark: LeafMark, header: BlockHeader?, term: UInt64
    ) throws(StorageFault) {
        let new = paths.unfinished
        let facts = WriteBatch()
        facts.put(
            LeafFamily.markKey, mark.canonicalBytes, in: LeafFamily.facts.rawValue,
            of: leaves)
        try leaves.write(facts)
        try leaves.flush()
        do {
            let blocks = try OpenedStore.open(blocksOf: new, .creating, options)
            let batch = WriteBatch()
            batch.put(
                BlockFamily.formatKey, StoreFormat(chain: chain).canonicalBytes,
                in: BlockFamily.facts.rawValue, of: blocks)
            batch.put(number: term, at: BlockFamily.termKey, of: blocks)
            batch.put(number: mark.height + 1, at: BlockFamily.firstBlockKey, of: blocks)
            if let header {
                batch.put(
                    BlockFamily.key(header.height), header.canonicalBytes,
                    in: BlockFamily.headers.rawValue, of: blocks)
            }
            try blocks.write(batch)
            try blocks.flush()
        }
        try TipFile.create(
            new.tip, chain: chain, tip: ChainTip(height: mark.height, hash: mark.hash))
        try Folder.synchronize(new.folder)
        try Folder.rename(new.folder, to: paths.folder)
    }
}
