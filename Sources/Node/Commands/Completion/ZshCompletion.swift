/// The script for zsh, for a folder of `$fpath`.

/// Writes the script.
struct ZshCompletion {
    let model: CompletionModel

    init(_ model: CompletionModel) { self.model = model }

    var text: String {
        """
        #compdef rampart
        # Completion of rampart for zsh: rampart completion zsh

        _rampart_markets() {
            local -a node names
            local place=${words[(I)--node]}
            ((place > 0)) && node=(--node "${words[place + 1]}")
            names=(${(f)"$(timeout 1 ${words[1]} markets --names $node 2>/dev/null)"})
            compadd -- $names
        }

        _rampart() {
            local command=${words[2]} previous=${words[CURRENT - 1]} place
            local -i first=3 operand=0
            local -a flags valued
            if ((CURRENT == 2)); then
                local -a commands
                commands=(
        \(commands)
                )
                _describe command commands
                return
            fi
            case $command in
        \(groups)
            esac
            case $command in
        \(tables)
            esac
            case "$command $previous" in
        \(model.values(action))
            esac
            if [[ ${words[CURRENT]} == -* ]]; then
                compadd -- $flags $valued --help
                return
            fi
            for ((place = first; place < CURRENT; place++)); do
                if [[ ${words[place]} != --* ]]; then
                    operand+=1
                elif ((${valued[(Ie)${words[place]}]})); then
                    place+=1
                fi
            done
            case "$command $operand" in
        \(model.operands(action))
            esac
        }

        _rampart "$@"

        """
    }

    private var commands: String {
        model.firstWords.map { word in
            let named = model.commands.first { $0.words[0] == word }
            let meaning =
                model.groups.contains { $0.word == word }
                ? model.groups.first { $0.word == word }?.seconds.joined(separator: ", ") ?? ""
                : named?.summary ?? ""
            return "            '\(word):\(ZshCompletion.quoted(meaning))'"
        }.joined(separator: "\n")
    }

    private static func quoted(_ text: String) -> String {
        text.replacing("'", with: "").replacing(":", with: "\\:")
    }

    private var groups: String {
        let lines = model.groups.map { group in
            """
                \(group.word))
                    if ((CURRENT == 3)); then
                        compadd -- \(group.seconds.joined(separator: " "))
                        return
                    fi
                    command="$command ${words[3]}"
                    first=4
                    ;;
            """
        }
        let helped = model.firstWords.filter { $0 != "help" && $0 != "version" }
        return
            (lines + ["    help) compadd -- \(helped.joined(separator: " ")); return ;;"])
            .joined(separator: "\n")
    }

    private var tables: String {
        model.commands.map { command in
            "    '\(command.name)') flags=(\(command.switches.joined(separator: " "))) "
                + "valued=(\(command.valued.joined(separator: " "))) ;;"
        }.joined(separator: "\n")
    }

    private func action(_ kind: CompletionKind) -> String {
        switch kind {
        case .anything: ":"
        case .files: "_files"
        case .folders: "_files -/"
        case .instruments: "_rampart_markets"
        case .words(let words): "compadd -- \(words.joined(separator: " "))"
        }
    }
}
