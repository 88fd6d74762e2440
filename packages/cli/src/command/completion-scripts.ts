// Completion scripts are thin: they ask `playhouse __complete` with the words typed so far, so that all three shells offer
// the same, and what the command table says.

export const shells = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof shells)[number];

export const completionScripts: Readonly<Record<Shell, string>> = {
  bash: `# bash completion for playhouse
_playhouse() {
  local IFS=$'\\n'
  local current=\${COMP_WORDS[COMP_CWORD]}
  COMPREPLY=($(compgen -W "$("\${COMP_WORDS[0]}" __complete -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null | cut -f1)" -- "$current"))
  if [ \${#COMPREPLY[@]} -eq 0 ]; then compopt -o default; fi
}
complete -F _playhouse playhouse
`,
  zsh: `#compdef playhouse
_playhouse() {
  local -a candidates
  local line
  while IFS=$'\\t' read -r name summary; do
    candidates+=("\${name//:/\\\\:}:\${summary}")
  done < <("\${words[1]}" __complete -- "\${(@)words[2,CURRENT]}" 2>/dev/null)
  if (( \${#candidates} )); then _describe playhouse candidates; else _files; fi
}
compdef _playhouse playhouse
`,
  fish: `# fish completion for playhouse
function __playhouse_complete
  set -l words (commandline -opc) (commandline -ct)
  $words[1] __complete -- $words[2..-1] 2>/dev/null
end
complete -c playhouse -a '(__playhouse_complete)'
`,
};
