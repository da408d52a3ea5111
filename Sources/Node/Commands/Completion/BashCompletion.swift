/// The script for bash. It needs nothing but bash itself, so that it works where the package of
/// completions is not installed.

/// Writes the script.
struct BashCompletion {
    let model: CompletionModel

    init(_ model: CompletionModel) { self.model = model }

    var text: String {
        """
        # Completion of rampart for bash: rampart completion bash

        _rampart_words() {
            mapfile -t COMPREPLY < <(compgen -W "$1" -- "$2")
        }

        _rampart_files() {
            compopt -o filenames 2>/dev/null
            mapfile -t COMPREPLY < <(compgen "$1" -- "$2")
        }

        _rampart_markets() {
            local node=() place
            for ((place = 1; place < COMP_CWORD; place++)); do
                [[ ${COMP_WORDS[place]} == --node ]] && node=(--node "${COMP_WORDS[place + 1]}")
            done
            local names=$(timeout 1 "${COMP_WORDS[0]}" markets --names "${node[@]}" 2>/dev/null)
            _rampart_words "$names" "$1"
        }

        _rampart() {
            local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]}
            local command=${COMP_WORDS[1]} first=2 place operand=0 flags= valued=
            COMPREPLY=()
            if ((COMP_CWORD == 1)); then
                _rampart_words "\(model.firstWords.joined(separator: " "))" "$current"
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
            if [[ $current == -* ]]; then
                _rampart_words "$flags $valued --help" "$current"
                return
            fi
            for ((place = first; place < COMP_CWORD; place++)); do
                if [[ ${COMP_WORDS[place]} != --* ]]; then
                    operand=$((operand + 1))
                elif [[ " $valued " == *" ${COMP_WORDS[place]} "* ]]; then
                    place=$((place + 1))
                fi
            done
            case "$command $operand" in
        \(model.operands(action))
            esac
        }

        complete -F _rampart rampart

        """
    }

    /// Second words, and the full name of commands that have one.
    private var groups: String {
        let lines = model.groups.map { group in
            """
                \(group.word))
                    if ((COMP_CWORD == 2)); then
                        _rampart_words "\(group.seconds.joined(separator: " "))" "$current"
                        return
                    fi
                    command="$command ${COMP_WORDS[2]}"
                    first=3
                    ;;
            """
        }
        return (lines + ["    help) _rampart_words \"\(helped)\" \"$current\"; return ;;"])
            .joined(separator: "\n")
    }

    private var helped: String {
        model.firstWords.filter { $0 != "help" && $0 != "version" }.joined(separator: " ")
    }

    private var tables: String {
        model.commands.map { command in
            "    '\(command.name)') flags='\(command.switches.joined(separator: " "))' "
                + "valued='\(command.valued.joined(separator: " "))' ;;"
        }.joined(separator: "\n")
    }

    private func action(_ kind: CompletionKind) -> String {
        switch kind {
        case .anything: ":"
        case .files: "_rampart_files -f \"$current\""
        case .folders: "_rampart_files -d \"$current\""
        case .instruments: "_rampart_markets \"$current\""
        case .words(let words): "_rampart_words '\(words.joined(separator: " "))' \"$current\""
        }
    }
}
