/// Who is at the other end, as far as the socket, the certificate and the request say.

/// The other end of a connection.
package struct Peer: Sendable, Equatable {
    /// The path asked for, decoded, without the query.
    package let path: String
    /// What followed the question mark, one item for each parameter, decoded; nil when one of them
    /// is no UTF-8.
    package let query: [QueryItem]?
    /// The address in its usual notation, without the port; empty when the socket has none.
    package let address: String
    /// The common name of the client's certificate; nil without one.
    package let certificateName: String?
    /// Those of the wanted headers that were present.
    package let headers: [HeaderField]

    package init(
        path: String, query: [QueryItem]?, address: String, certificateName: String?,
        headers: [HeaderField]
    ) {
        self.path = path
        self.query = query
        self.address = address
        self.certificateName = certificateName
        self.headers = headers
    }
}

/// One header: its name in lower case, and its value.
package struct HeaderField: Sendable, Equatable {
    package let name: String
    package let value: String

    package init(name: String, value: String) {
        self.name = name
        self.value = value
    }
}

/// One parameter of a query, decoded. Without `=` the value is empty.
package struct QueryItem: Sendable, Equatable {
    package let name: String
    package let value: String

    package init(name: String, value: String) {
        self.name = name
        self.value = value
    }
}
