-- SPDX-License-Identifier: MIT
local child = require "spec.support.child"
local commands = require "fax.cli.commands"
local helper = require "spec.helper"

describe("faxctl", function()
  local folder, here

  before_each(function()
    folder = helper.folder()
    here = " --directory " .. folder .. "/state --line-option lines=2"
  end)

  after_each(helper.clean)

  local function runs(status, arguments)
    local done = helper.faxctl(arguments)
    assert.equal(status, done.status, done.err)
    return done
  end

  it("tells how it is used", function()
    local all = runs(0, "--help").out
    for _, command in ipairs(commands.names) do
      assert.matches("\n  " .. command, all)
      local help = runs(0, command .. " --help").out
      assert.matches("^usage: faxctl " .. command, help)
    end
    assert.matches("^faxctl %d", runs(0, "--version").out)
    assert.matches("usage", runs(2, "").err)
  end)

  it("has every option in its manual", function()
    local manual = helper.read("docs/faxctl.1"):gsub("\\", "")
    for _, command in ipairs(commands.names) do
      for flag in runs(0, command .. " --help").out:gmatch("\n  [^\n]-(%-%-[%w-]+)") do
        assert.is_truthy(manual:find(flag, 1, true) or flag == "--help", flag)
      end
    end
  end)

  it("refuses what it does not know, and says what is near", function()
    assert.matches("did you mean 'send'%?", runs(2, "snd").err)
    assert.matches("did you mean %-%-paper%?", runs(2, "send x --papre a4").err)
    assert.matches("%-%-to NUMBER is missing", runs(2, "send x.pdf").err)
    assert.matches("name the file", runs(2, "send --to 102").err)
    assert.matches("%-%-to expects NUMBER", runs(2, "send x --to").err)
    assert.matches("must be one of auto, a4", runs(2, "send x --to 1 --paper a5").err)
    assert.matches("expects a whole number", runs(2, "send x --to 1 --retries many").err)
    assert.matches("takes no value", runs(2, "send x --to 1 --json=yes").err)
    assert.matches("KEY=VALUE", runs(2, "ports --line-option lines").err)
  end)

  it("refuses an operand where there is none", function()
    local refused = 0
    for _, command in ipairs(commands.all()) do
      if not command.operands then
        assert.matches("no operand is known here: 'stray'", runs(2, command.name .. " stray").err)
        refused = refused + 1
      end
    end
    assert.is_true(refused > 5)
  end)

  it("sends nothing that nobody would send afterwards", function()
    local line = "send " .. helper.pdf(folder) .. " --to 102" .. here
    local done = runs(1, line)
    assert.equal("", done.out)
    assert.matches("no fax server listens, and nothing would send the fax", done.err)
    assert.matches("give %-%-wait to send it from here, or %-%-hold", done.err)
    assert.is_false(helper.exists(folder .. "/state/lock"))
    assert.matches('"code":"ERROR_SERVICE_NOT_ACTIVE","delivered":false',
      runs(1, line .. " --json").out)
    assert.matches("start faxd, or name its", runs(1, "events" .. " --directory " .. folder).err)
  end)

  it("delivers a fax, with a line for each change", function()
    local done = runs(0, "send --wait " .. helper.pdf(folder, 2) .. " --to 102 --from 101" .. here)
    assert.matches("delivered: job %d+, 2 pages to 102", done.out)
    assert.matches("page 1 of 2, 14400 bit/s ECM", done.err)
    assert.matches("page 2 of 2", done.err)
    assert.is_nil(done.err:find("\r"))
    -- It stayed until the other line had stored it.
    assert.equal(1, #helper.lines("ls " .. folder .. "/state/inbox/*.tif"))
  end)

  it("send --key sends nothing twice", function()
    local line = "send --wait -q " .. helper.pdf(folder) .. " --key offer" .. here .. " --to 102"
    local done = runs(0, line)
    assert.matches("delivered: job 1", done.out)
    assert.equal(done.out, runs(0, line).out)
    assert.matches("that of job 1, which goes to 102", runs(1, line .. "0").err)
  end)

  it("delivers in silence, and as JSON", function()
    local done = runs(0, "send --wait --quiet --json --no-ecm --to=102 " .. helper.pdf(folder)
      .. here)
    assert.equal("", done.err)
    assert.matches('^{"attempts":%[{.*"delivered":true.*"outcome":"completed"', done.out)
    assert.matches('"ecm":false', done.out)
  end)

  it("shows the exchange, of a call that failed too", function()
    local path = helper.pdf(folder, 2)
    local done = runs(0, "send --wait -q " .. path .. " --to 102 --exchange" .. here)
    assert.matches("^attempt 1, sent on the left, received on the right:\n"
      .. " +[%d.]+ s +<%-%- CSI  102\n", done.out)
    assert.matches("\n +[%d.]+ s  DCN +%-%->\ndelivered: ", done.out)
    assert.equal(2, select(2, done.out:gsub("<%-%- MCF\n", "")))
    done = runs(1, "send --wait -q " .. path .. " --to +9999999212 --retries 0 --exchange" .. here)
    assert.matches("<%-%- RTN\n +[%d.]+ s  DCN +%-%->\n$", done.out)
    assert.matches("did not accept the quality", done.err)
    done = runs(1, "send --wait -q " .. path .. " --to 999 --retries 0 --exchange" .. here)
    assert.equal("no T.30 exchange is known of the call\n", done.out)
    done = runs(0, "send -q --json " .. path .. " --to 102 --exchange" .. here)
    assert.matches('^{"attempts":.*"frame":"DCN".*}\n$', done.out)
  end)

  it("says why a fax failed, and exits with 1", function()
    local path = helper.pdf(folder)
    local done = runs(1, "send --wait --json " .. path .. " --to 999 --retries 0" .. here)
    assert.matches("faxctl: job %d+: .*999", done.err)
    assert.matches('"code":"ERROR_FAX_FAILED"', done.out)
    assert.matches('"delivered":false', done.out)
    done = runs(1, "send --wait " .. folder .. "/none.pdf --to 102" .. here)
    assert.matches("none.pdf", done.err)
    assert.matches("check the path", done.err)
  end)

  it("aborts the call on Ctrl-C, and says so", function()
    local say_pid = [[io.write("pid ", io.open("/proc/self/stat"):read("*a"):match("%d+"), "\n") ]]
      .. [[io.stdout:flush()]]
    local path = helper.pdf(folder)
    local status, text = child.command(("%s -e %s lua/bin/faxctl send --wait %s --to 102 "
      .. "--line-option pace=real%s"):format(helper.interpreter, helper.quote(say_pid), path,
      here), folder):expect("ringing"):signal("INT"):finish()
    assert.equal(130, status, text)
    assert.matches("interrupted, aborting the call", text)
    assert.matches("the call was aborted", text)
  end)

  it("lists the ports", function()
    local done = runs(0, "ports" .. here)
    assert.matches("\n1 +loopback", done.out)
    assert.matches("\n2 +loopback", done.out)
    done = runs(0, "ports --json" .. here)
    assert.equal(2, select(2, done.out:gsub('"device_id":', "")))
    assert.matches("is no option", runs(1, "ports --line-option x=1" .. here).err)
  end)

  it("asks the program that has the directory", function()
    local done = helper.script(([[
      local fax = require "fax"
      local server = assert(fax.connect { directory = %q, loopback = { lines = 3 } })
      local faxctl = "%s %s lua/bin/faxctl ports --directory %s"
      assert(os.execute(faxctl))
      os.exit(os.execute(faxctl .. " --line-option lines=2") == 0 and 1 or 0, true)
    ]]):format(folder .. "/state", helper.environment(), helper.interpreter,
      folder .. "/state"))
    assert.equal(0, done.status, done.err)
    assert.equal(3, select(2, done.out:gsub("loopback line", "")))
    assert.matches("--line-option is for a service that is started here", done.err, 1, true)
    assert.matches("leave the option out", done.err)
  end)

  it("renders", function()
    local path = helper.pdf(folder, 2)
    local done = runs(0, ("render %s --png %s -o %s/out.tif --paper a4"):format(path, folder,
      folder))
    assert.matches("page 2: 1728 x %d+ at 204 x 196 dpi", done.out)
    assert.is_true(helper.exists(folder .. "/out.tif"))
    assert.is_true(helper.exists(folder .. "/page-001.png"))
    assert.matches('"unchanged":true', runs(0, "render --json " .. folder .. "/out.tif").out)
    done = runs(1, "render " .. helper.write(folder .. "/x.txt", "no document"))
    assert.matches("x.txt", done.err)
  end)

  it("gives a demonstration", function()
    local done = runs(0, "demo --directory " .. folder)
    local tiff = done.out:match("received: (%S+%.tif) %(3 pages%)")
    local png = done.out:match("first page: (%S+%.png)")
    assert.is_true(helper.exists(tiff))
    assert.equal("\137PNG", helper.read(png):sub(1, 4))
  end)
end)

describe("progress", function()
  local progress = require "fax.cli.progress"
  local time, written, shown

  local function new(terminal)
    time, written = 0, {}
    shown = progress.new {
      terminal = terminal,
      now = function()
        return time
      end,
      out = {
        write = function(_, ...)
          for _, text in ipairs { ... } do
            written[#written + 1] = text
          end
        end,
        flush = function() end,
      },
    }
  end

  local function last()
    local text = table.concat(written)
    written = {}
    return text
  end

  it("is a bar with page, speed and time left on a terminal", function()
    new(true)
    shown:event { name = "FEI_DIALING", phase = "dialing", pages = 4 }
    assert.equal("\r[------------------------] dialing", last())
    shown:document(72000, 4)
    shown:event { name = "FEI_SENDING", phase = "page", page = 1, pages = 4, rate = 14400,
      ecm = true, encoding = "MMR", pages_confirmed = 0 }
    assert.matches("^\r%[%-+%] page 1 of 4, 14400 bit/s ECM MMR, 1:04 left", last())
    time = 8 -- an eighth of 40 s of data and 24 s for four pages
    shown:tick()
    assert.matches("^\r%[###%-+%] page 1 of 4, 14400 bit/s ECM MMR, 0:56 left", last())
    time = 30
    shown:event { name = "FEI_SENDING", phase = "post_message", page = 1 }
    assert.matches("^\r%[#####%-+%] page 1 of 4, waiting for confirmation, 0:34 left", last())
    shown:event { name = "FEI_SENDING", phase = "page", page = 2, pages_confirmed = 1 }
    assert.matches("%[###########%-+%] page 2 of 4, 14400 bit/s ECM MMR, 0:34 left", last())
    shown:event { name = "FEI_SENDING", phase = "page", page = 2, encoding = "MH" }
    assert.matches("page 2 of 4, 14400 bit/s ECM MH, 1:30 left", last())
    shown:event { name = "FEI_COMPLETED", pages_confirmed = 4 }
    assert.matches("^\r%[########################%] all pages sent +", last())
    shown:finish()
    assert.equal("\n", last())
  end)

  it("begins anew with another attempt", function()
    new(true)
    shown:event { name = "FEI_SENDING", phase = "page", page = 1, pages = 2, attempt = 1 }
    shown:event { name = "FEI_DISCONNECTED", attempt = 1 }
    assert.matches("the call was cut off", last())
    shown:event { name = "FEI_DIALING", phase = "dialing", attempt = 2 }
    assert.matches("^\r%[%-+%] dialing", last())
  end)

  it("is a line for each change elsewhere", function()
    new(false)
    shown:event { name = "FEI_DIALING", phase = "dialing" }
    shown:event { name = "FEI_DIALING", phase = "dialing" }
    shown:event { name = "FEI_BUSY" }
    shown:finish()
    assert.equal("dialing\nthe line is busy\n", last())
  end)
end)
