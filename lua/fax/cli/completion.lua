-- SPDX-License-Identifier: MIT
-- faxctl completion: what a shell needs to complete command lines of faxctl, made
-- of the commands' own descriptions.

local completion = {
  name = "completion",
  usage = "bash | zsh",
  summary = "write the completion for a shell",
  about = "Writes a script that teaches the shell to complete faxctl's commands, options and\n"
    .. "their values: source <(faxctl completion bash), or for zsh into a file _faxctl in $fpath.\n"
    .. "Installed faxctl has both where the shells look.",
  operands = { "bash", "zsh" },
  options = {},
}

local FILES, FOLDERS = { FILE = true, PATH = true, OUTPUT = true }, { DIR = true }

-- What a value, or an operand, may be: "file", "folder", a list of words, or nil.
local function kind_of(what, choices)
  if choices or type(what) == "table" then
    return choices or what
  end
  return FILES[what] and "file" or FOLDERS[what] and "folder" or nil
end

local HELP = { flag = "--help", short = "-h", help = "show this" }

local function options_of(command)
  local list = {}
  for i, option in ipairs(command.options) do
    list[i] = option
  end
  list[#list + 1] = HELP
  return list
end

-- For a shell, between single quotes.
local function quoted(text)
  return "'" .. text:gsub("'", "'\\''") .. "'"
end

local function append(lines, ...)
  for _, line in ipairs { ... } do
    lines[#lines + 1] = line
  end
end

-- ---- bash ----

local function bash_reply(kind)
  if kind == "file" then
    return 'compopt -o filenames; COMPREPLY=($(compgen -f -- "$word"))'
  elseif kind == "folder" then
    return 'compopt -o filenames; COMPREPLY=($(compgen -d -- "$word"))'
  elseif kind then
    return ('COMPREPLY=($(compgen -W %s -- "$word"))'):format(quoted(table.concat(kind, " ")))
  end
  return "COMPREPLY=()"
end

local function bash_command(lines, command)
  local function add(text, ...)
    lines[#lines + 1] = text:format(...)
  end
  local flags = {}
  add("    %s)", command.name)
  add('      case "$before" in')
  for _, option in ipairs(options_of(command)) do
    flags[#flags + 1] = option.flag
    if option.value then
      add("        %s%s) %s; return ;;", option.short and option.short .. "|" or "",
        option.flag, bash_reply(kind_of(option.value, option.choices)))
    end
  end
  add("      esac")
  add('      case "$word" in')
  add("        -*) %s ;;", bash_reply(flags))
  local operands = kind_of(command.operands)
  if type(operands) == "table" then
    add('        *) if [ "$COMP_CWORD" = 2 ]; then %s; fi ;;', bash_reply(operands))
  elseif operands then
    add("        *) %s ;;", bash_reply(operands))
  end
  add("      esac ;;")
end

local writers = {}

function writers.bash(commands)
  local names = {}
  for i, command in ipairs(commands) do
    names[i] = command.name
  end
  local lines = {
    "# Completion of faxctl for bash, written by `faxctl completion bash`.",
    "_faxctl() {",
    '  local word="${COMP_WORDS[COMP_CWORD]}" before="${COMP_WORDS[COMP_CWORD-1]}"',
    "  COMPREPLY=()",
    '  if [ "$COMP_CWORD" = 1 ]; then',
    "    " .. bash_reply(names),
    "    return",
    "  fi",
    '  case "${COMP_WORDS[1]}" in',
  }
  for _, command in ipairs(commands) do
    bash_command(lines, command)
  end
  append(lines, "  esac", "}", "complete -F _faxctl faxctl")
  return table.concat(lines, "\n") .. "\n"
end

-- ---- zsh ----

local function zsh_action(kind)
  if kind == "file" then
    return "_files"
  elseif kind == "folder" then
    return "_files -/"
  end
  return kind and "(" .. table.concat(kind, " ") .. ")" or ""
end

-- In a description of _arguments these two have a meaning.
local function plain(text)
  return (text:gsub("[%[%]:\\]", "\\%0"))
end

local function zsh_option(flag, option)
  local value = option.value and (":%s:%s"):format(plain(option.value:lower()),
    zsh_action(kind_of(option.value, option.choices))) or ""
  return quoted(("%s%s[%s]%s"):format(option.many and "*" or "", flag, plain(option.help), value))
end

local function zsh_command(lines, command)
  lines[#lines + 1] = ("    %s)"):format(command.name)
  lines[#lines + 1] = "      _arguments \\"
  for _, option in ipairs(options_of(command)) do
    for _, flag in ipairs { option.flag, option.short } do
      lines[#lines + 1] = ("        %s \\"):format(zsh_option(flag, option))
    end
  end
  local operands = kind_of(command.operands)
  local action = zsh_action(operands)
  lines[#lines + 1] = ("        %s ;;"):format(quoted(
    (type(operands) == "table" and "1:word:" or "*:operand:") .. action))
end

function writers.zsh(commands)
  local lines = {
    "#compdef faxctl",
    "# Completion of faxctl for zsh, written by `faxctl completion zsh`.",
    "_faxctl() {",
    "  local -a commands",
    "  commands=(",
  }
  for _, command in ipairs(commands) do
    lines[#lines + 1] = "    " .. quoted(("%s:%s"):format(command.name, plain(command.summary)))
  end
  append(lines, "  )", "  if (( CURRENT == 2 )); then", "    _describe command commands",
    "    return", "  fi", '  local command="${words[2]}"', "  shift words", "  (( CURRENT-- ))",
    '  case "$command" in')
  for _, command in ipairs(commands) do
    zsh_command(lines, command)
  end
  -- From $fpath this text is the function itself; else it was sourced.
  append(lines, "  esac", "}", 'if [ "${funcstack[1]}" = _faxctl ]; then', '  _faxctl "$@"', "else",
    "  compdef _faxctl faxctl", "fi")
  return table.concat(lines, "\n") .. "\n"
end

function completion.run(given, to)
  local write = #given == 1 and writers[given[1]]
  if not write then
    return nil, "name the shell: bash or zsh"
  end
  to.out:write(write(require("fax.cli.commands").all()))
  return 0
end

return completion
