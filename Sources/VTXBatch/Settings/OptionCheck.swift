// The check of options that only the command line can make.

/// Checks the options of a target, as typed; returns what is wrong with them, `nil` if nothing is.
package typealias OptionCheck = (BatchTarget, [String]) -> String?
