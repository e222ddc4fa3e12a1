-- SPDX-License-Identifier: MIT
-- What faxctl tells a shell of its command lines: all of them, and nothing that a
-- shell trips over.
local cli = require "fax.cli.init"
local commands = require "fax.cli.commands"
local helper = require "spec.helper"

describe("faxctl completion", function()
  after_each(helper.clean)

  local function written(...)
    local parts = {}
    local stream = { write = function(_, ...)
      parts[#parts + 1] = table.concat { ... }
    end }
    local status = cli.main({ "completion", ... }, { out = stream, err = stream })
    return table.concat(parts), status
  end

  -- What bash offers for the last of these words.
  local function offered(...)
    local words = { "faxctl", ... }
    for i, word in ipairs(words) do
      words[i] = helper.quote(word)
    end
    local folder = helper.folder()
    helper.write(folder .. "/completion", (written "bash"))
    helper.write(folder .. "/letter.pdf", "x")
    assert(os.execute(("mkdir %s/letters"):format(folder)))
    helper.write(folder .. "/run", ([[
      cd %s; compopt() { :; }; . ./completion
      COMP_WORDS=(%s); COMP_CWORD=%d; _faxctl; printf '%%s\n' "${COMPREPLY[@]}" | LC_ALL=C sort
    ]]):format(folder, table.concat(words, " "), #words - 1))
    local done = helper.run("bash " .. folder .. "/run")
    assert.equal("", done.err)
    return (done.out:gsub("\n$", ""):gsub("\n", " "))
  end

  it("offers commands, options, and what they take, in bash", function()
    assert.equal("pause policy ports", offered "p")
    assert.equal("--priority", offered("send", "--pri"))
    assert.equal("high low normal", offered("send", "--priority", ""))
    assert.equal("high", offered("send", "--to", "102", "--priority", "h"))
    assert.equal("", offered("send", "--subject", ""))
    assert.equal("letter.pdf letters", offered("send", "lett"))
    assert.equal("letters", offered("send", "--inbox", "lett"))
    assert.equal("letter.pdf letters", offered("render", "-o", "lett"))
    assert.equal("set show", offered("numbers", "s"))
    assert.equal("", offered("numbers", "show", "s"))
    assert.equal("", offered("nosuch", ""))
    assert.equal("--help", offered("completion", "--"))
  end)

  it("knows every option of every command, in both shells", function()
    local zsh, bash = written "zsh", written "bash"
    assert.matches("^#compdef faxctl\n", zsh)
    for _, command in ipairs(commands.all()) do
      local head = "\n    " .. command.name .. ")\n"
      local first = assert(zsh:find(head, 1, true), command.name)
      local part = zsh:sub(first, zsh:find(";;", first, true))
      local replies = bash:sub((assert(bash:find(head, 1, true))))
      replies = replies:match("%-%*%) COMPREPLY=%(%$%(compgen %-W '([^']*)'")
      for _, option in ipairs(command.options) do
        assert.truthy(part:find(option.flag .. "[", 1, true), option.flag)
        assert.truthy((" " .. replies .. " "):find(" " .. option.flag .. " ", 1, true))
      end
    end
    assert.truthy(zsh:find("'--resolution[fine or standard]:word:(fine standard)'", 1, true))
    assert.truthy(zsh:find("'*--line-option[", 1, true))
  end)

  it("is written so that a shell reads it", function()
    for _, shell in ipairs { "bash", "zsh" } do
      local path = helper.write(helper.folder() .. "/" .. shell, (written(shell)))
      -- zsh's `(( ))` and arrays are bash's, too.
      local done = helper.run("bash -n " .. path)
      assert.equal(0, done.status, done.err)
    end
  end)

  it("wants the name of a shell that it knows", function()
    for _, words in ipairs { {}, { "fish" }, { "bash", "zsh" } } do
      local text, status = written(words[1], words[2])
      assert.equal(2, status)
      assert.matches("bash or zsh", text)
    end
  end)
end)
