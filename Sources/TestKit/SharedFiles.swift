/// Test data and vectors that are shared beside the project and never shipped with it.
package import Foundation
