-- SPDX-License-Identifier: MIT
-- A browser for specs: Debian's chromium without a window, through chromedriver, by
-- the W3C WebDriver protocol over loopback HTTP. What is waited for is waited for in
-- the page (`await`), so that nothing here sleeps.
local child = require "spec.support.child"
local http = require "socket.http"
local json = require "dkjson"
local ltn12 = require "ltn12"
local mime = require "mime"

local Browser = {}
local meta = { __index = Browser }

local webdriver = {}

local DRIVER, BROWSER = "/usr/bin/chromedriver", "/usr/bin/chromium"
local ELEMENT = "element-6066-11e4-a52e-4f735466cecf"
-- That a page has for what a spec waits for.
local WAIT_MS = 60000

local function is_file(path)
  local file = io.open(path, "rb")
  return file ~= nil and file:close() and true
end

function webdriver.is_here()
  return is_file(DRIVER) and is_file(BROWSER)
end

-- ---- the protocol ----

local function request(self, method, path, body)
  local text = method == "POST"
    and json.encode(body or setmetatable({}, { __jsontype = "object" })) or nil
  local parts = {}
  local ok, status = http.request { method = method, url = self.url .. path,
    headers = { ["content-type"] = "application/json", ["content-length"] = text and #text },
    source = text and ltn12.source.string(text), sink = ltn12.sink.table(parts) }
  local answer = json.decode(table.concat(parts))
  if not ok or not answer then
    error("chromedriver: " .. tostring(status), 3)
  elseif type(answer.value) == "table" and answer.value.error then
    error(("%s: %s"):format(path, answer.value.message), 3)
  end
  return answer.value
end

local function arguments(list)
  list = list or {}
  return setmetatable(list, { __jsontype = "array", __jsonlen = #list })
end

-- ---- its life ----

local function switches(folder)
  local list = { "--headless=new", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--user-data-dir=" .. folder .. "/profile", "--lang=en", "--hide-scrollbars" }
  -- Its sandbox wants another account than root.
  local pipe = io.popen("id -u")
  if pipe:read("*l") == "0" then
    list[#list + 1] = "--no-sandbox"
  end
  pipe:close()
  return arguments(list)
end

--- Starts it; what it keeps goes into the folder.
function webdriver.start(folder)
  http.TIMEOUT = 120
  local self = setmetatable({}, meta)
  self.child = child.plain(("sh -c 'echo pid $PPID; exec env HOME=%s TMPDIR=%s %s --port=0'")
    :format(folder, folder, DRIVER))
  self.url = "http://127.0.0.1:" .. self.child:await("successfully on port %d+")
    :match("on port (%d+)")
  local session = request(self, "POST", "/session", { capabilities = { alwaysMatch = {
    ["goog:chromeOptions"] = { binary = BROWSER, args = switches(folder) },
    ["goog:loggingPrefs"] = { browser = "ALL" } } } })
  self.url = self.url .. "/session/" .. session.sessionId
  request(self, "POST", "/timeouts", { script = WAIT_MS, pageLoad = WAIT_MS })
  return self
end

-- The pid is that of `timeout`, which tells all of its group.
--- Ends the browser and its driver.
function Browser:stop()
  pcall(request, self, "DELETE", "")
  self.child:signal("TERM"):finish()
end

-- ---- what is seen ----

--- The viewport, and the colours: "light" or "dark".
function Browser:look(width, height, scheme)
  self:command("Emulation.setDeviceMetricsOverride", { width = width, height = height,
    deviceScaleFactor = 1, mobile = width < 600 })
  self:command("Emulation.setEmulatedMedia", { features = arguments {
    { name = "prefers-color-scheme", value = scheme or "light" } } })
end

--- A command of Chromium's own protocol.
function Browser:command(name, parameters)
  return request(self, "POST", "/goog/cdp/execute", { cmd = name, params = parameters })
end

--- The whole page as a PNG.
function Browser:picture(path)
  local shot = self:command("Page.captureScreenshot", { format = "png",
    captureBeyondViewport = true })
  local file = assert(io.open(path, "wb"))
  file:write((mime.unb64(shot.data)))
  file:close()
end

--- What the page wrote to its console: a list of { level =, message = }.
function Browser:console()
  return request(self, "POST", "/se/log", { type = "browser" })
end

-- ---- what is done ----

function Browser:open(url)
  request(self, "POST", "/url", { url = url })
end

--- Runs JavaScript in the page: its `return`. What is given is arguments[0] and so on.
function Browser:run(script, ...)
  return request(self, "POST", "/execute/sync", { script = script, args = arguments { ... } })
end

--- The same for a script that calls its last argument with what it found.
function Browser:run_async(script, ...)
  return request(self, "POST", "/execute/async", { script = script, args = arguments { ... } })
end

local AWAIT = [[
  const done = arguments[arguments.length - 1];
  const given = [...arguments].slice(1, -1);
  const condition = new Function(arguments[0]);
  const look = () => {
    const value = condition.apply(null, given);
    if (value) done(value);
    else setTimeout(look, 20);
  };
  look();
]]

--- Waits until the script returns something true, and gives that.
function Browser:await(script, ...)
  local ok, value = pcall(Browser.run_async, self, AWAIT, script, ...)
  if not ok then
    error(("waited for: %s\n%s\nthe page: %s"):format(script, value,
      self:run("return document.body.innerText")), 2)
  end
  return value
end

--- Waits until an element is there and seen, and gives it.
function Browser:element(css)
  return self:await([[
    const node = document.querySelector(arguments[0]);
    return node && node.getClientRects().length > 0 && node;
  ]], css)
end

local function id_of(self, css)
  return (type(css) == "table" and css or self:element(css))[ELEMENT]
end

--- Its text, as it is seen.
function Browser:text(css)
  return request(self, "GET", "/element/" .. id_of(self, css) .. "/text")
end

function Browser:click(css)
  request(self, "POST", "/element/" .. id_of(self, css) .. "/click")
end

--- Types into an element; into a file field, the path of a file.
function Browser:type(css, text)
  request(self, "POST", "/element/" .. id_of(self, css) .. "/value", { text = text })
end

--- A field for files is mostly not seen itself.
function Browser:choose(css, path)
  local field = self:run("return document.querySelector(arguments[0])", css)
  self:type(field, path)
end

-- Keys that are no characters, as WebDriver writes them (U+E004 and so on).
local KEYS = { tab = "\238\128\132", enter = "\238\128\135", escape = "\238\128\140",
  left = "\238\128\146", right = "\238\128\148", down = "\238\128\149" }

--- Presses keys one after the other, whatever has the focus: "tab", "enter" or a
--- single character each.
function Browser:press(...)
  local actions = {}
  for _, name in ipairs { ... } do
    local key = KEYS[name] or name
    actions[#actions + 1] = { type = "keyDown", value = key }
    actions[#actions + 1] = { type = "keyUp", value = key }
  end
  request(self, "POST", "/actions", { actions = arguments {
    { type = "key", id = "keyboard", actions = arguments(actions) } } })
end

return webdriver
