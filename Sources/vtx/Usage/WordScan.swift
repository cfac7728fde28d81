// Tells the words of a command line apart: files, options with their values, options that do not exist.

import VTXBatch

/// The words behind a command's name.
struct WordScan {
    /// An option that the command does not have.
    struct Unknown {
        /// Without a value.
        var option: String
        /// As typed.
        var word: String
    }

    let words: [String]
    /// Words that are no options and no values.
    private(set) var files: [String] = []
    /// Where they stand among the words.
    private(set) var places: [Int] = []
    /// Options that the command has, each with its value.
    private(set) var options: [[String]] = []
    private(set) var unknown: [Unknown] = []
    /// The value of `-o`; empty if it has none.
    private(set) var output: String?
    private(set) var asksForHelp = false
    /// Where `--` stands.
    private(set) var terminator: Int?

    init(_ words: some Sequence<String>, _ table: CommandTable) {
        self.words = Array(words)
        var index = 0
        while index < self.words.count, terminator == nil { index += take(index, table) }
    }

    /// Takes the word at an index, and its value.
    ///
    /// - Returns: how many words those are.
    private mutating func take(_ index: Int, _ table: CommandTable) -> Int {
        let word = words[index]
        let next = index + 1 < words.count ? words[index + 1] : nil
        if word == "--" {
            terminator = index
            if !table.passesOn { for place in words.indices[(index + 1)...] { addFile(at: place) } }
            return 1
        }
        guard let option = OptionTable.name(in: word) else {
            addFile(at: index)
            return 1
        }
        guard let takesValue = table.takesValue(option) else { return takeCluster(option, at: index, next, table) }
        if ["-h", "-help", "--help", "--version"].contains(option) { asksForHelp = true }
        let value = takesValue && option == word ? next : nil
        options.append([word] + [value].compactMap { $0 })
        if ["-o", "--output"].contains(option) {
            output = option == word ? value ?? "" : String(word.dropFirst(option.count + 1))
        }
        return value == nil ? 1 : 2
    }

    /// `-qo NAME`: the value is that of the last letter.
    private mutating func takeCluster(_ option: String, at index: Int, _ next: String?, _ table: CommandTable) -> Int {
        guard table.isCluster(option) else {
            unknown.append(Unknown(option: option, word: words[index]))
            return 1
        }
        let value = option.last.flatMap { table.own.takesValue["-\($0)"] == true ? next : nil }
        options.append([words[index]] + [value].compactMap { $0 })
        if option.last == "o" { output = value }
        return value == nil ? 1 : 2
    }

    private mutating func addFile(at index: Int) {
        files.append(words[index])
        places.append(index)
    }
}
