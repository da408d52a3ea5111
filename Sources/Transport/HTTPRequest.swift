/// A whole HTTP request as the delegate sees it: decoded, bounded, and never half there.

/// The methods that the server knows.
package enum HTTPMethod: String, Sendable, Equatable {
    case get = "GET"
    case post = "POST"
    case options = "OPTIONS"
    case put = "PUT"
    case patch = "PATCH"
    case delete = "DELETE"
    case head = "HEAD"
}

/// A whole request.
package struct HTTPRequest: Sendable, Equatable {
    package let method: HTTPMethod
    /// Who asks, for what path, with which query and headers.
    package let peer: Peer
    /// The body, at most `Limits.requestBodyBytes` long.
    package let body: [UInt8]

    package init(method: HTTPMethod, peer: Peer, body: [UInt8]) {
        self.method = method
        self.peer = peer
        self.body = body
    }

    /// The path asked for, decoded, without the query.
    package var path: String { peer.path }
    /// The parameters of the query, decoded; nil when one of them is no UTF-8.
    package var query: [QueryItem]? { peer.query }

    /// The value of a wanted header, by its name in lower case.
    package func header(_ name: String) -> String? {
        peer.headers.first { $0.name == name }?.value
    }
}
