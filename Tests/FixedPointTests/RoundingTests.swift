import FixedPoint
import Testing
