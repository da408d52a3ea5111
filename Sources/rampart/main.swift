/// The program.
import Node
