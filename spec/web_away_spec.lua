-- SPDX-License-Identifier: MIT
-- While the fax server is away the site's log has a line of it, and one when it is back;
-- hooks hear again by themselves.
local helper = require "spec.helper"
local receiver = require "spec.support.receiver"
local web = require "spec.support.web"

local SETTINGS = web.soon { requests = 1e9 }

describe("the log of the site has", function()
  if not web.is_here() then
    pending("nginx and its Lua module are not installed: make deps")
    return
  end

  local site, far

  local function start(faxd)
    site = web.start { workers = 1, faxd = faxd, settings = SETTINGS,
      keys = { { "ann", "ann", { "FAX_JOB_QUERY" } } } }
    far = receiver.open()
  end

  after_each(function()
    far:close()
    site:stop()
    helper.clean()
  end)

  local function make(key)
    local made = site:ask("POST", "/v1/hooks", { body = { url = far.url }, key = key })
    assert.equal(201, made.status, made.body)
  end

  local function hear_gap(restarted)
    far:until_told(function(told)
      return told.kind == "gap" and told.event.restarted == restarted
    end):answer(200)
  end

  local function count(text, pattern)
    return select(2, text:gsub(pattern, ""))
  end

  local function ask_in_vain()
    for _ = 1, 20 do
      assert.equal(503, site:ask("GET", "/v1/ports").status)
    end
  end

  -- Of all that nginx has written.
  local function assert_two_lines()
    local text = site:stop_nginx()
    assert.same({ 1, 1, 0, 0 }, { count(text, "the fax server cannot be reached"),
      count(text, "the fax server is there again"), count(text, "connect%(%) to"),
      count(text, "hear nothing") }, text)
    site:start_nginx()
  end

  for _, signal in ipairs { "TERM", "KILL" } do
    it("a line when the fax server goes away, one when it is back: " .. signal, function()
      start()
      make()
      hear_gap()
      site:stop_faxd(signal)
      ask_in_vain()
      site:start_faxd()
      hear_gap(true)
      assert_two_lines()
    end)
  end

  -- faxd reads its file again, by which nginx may ask for others, or may not.
  local function let_act(act_for)
    local path = site.folder .. "/faxd.lua"
    local text = helper.read(path):gsub("\naccess = [^\n]*", "")
    helper.write(path, ("%s\naccess = { { user = %q, rights = { 'FAX_ALL_ACCESS' }, "
      .. "act_for = %s } }\n"):format(text, helper.lines("id -un")[1], tostring(act_for)))
    site.faxd:signal("HUP"):await("the configuration was read again")
  end

  it("a line when a key cannot be listened for, one when it can", function()
    start()
    make(site.keys.ann)
    hear_gap()
    site:stop_nginx()
    let_act(false)
    site:start_nginx()
    site.nginx:await("hooks of the key ann hear nothing: .* may not act for ann")
    let_act(true)
    hear_gap()
    local text = site:stop_nginx()
    assert.same({ 1, 1 }, { count(text, "hear nothing"), count(text, "hear again") }, text)
    site:start_nginx()
  end)

  it("the same when nginx is there first", function()
    start()
    make()
    hear_gap()
    site:stop_nginx()
    site:stop_faxd()
    site:start_nginx()
    ask_in_vain()
    site:start_faxd()
    hear_gap()
    assert_two_lines()
  end)
end)
