-- SPDX-License-Identifier: MIT
-- The pages of examples/openresty in a browser, for specs: the site on a loopback
-- port, Chromium, and what all specs do with them.
local child = require "spec.support.child"
local helper = require "spec.helper"
local socket = require "socket"
local web = require "spec.support.web"
local webdriver = require "spec.support.webdriver"

local Pages = {}
local meta = { __index = Pages }

local pages = {}

local AXE = helper.build .. "/axe/node_modules/axe-core/axe.min.js"
-- That a run of specs may take, and the site with it.
local SECONDS = 540

function pages.is_here()
  return web.is_here() and webdriver.is_here() and helper.exists(AXE)
end

local function free_port()
  local server = assert(socket.bind("127.0.0.1", 0))
  local _, port = server:getsockname()
  server:close()
  return port
end

--- Starts both; `options` as of web.start.
function pages.start(options)
  child.deadline = SECONDS
  options = helper.merged({ listen = ("127.0.0.1:%d"):format(free_port()) }, options)
  local self = setmetatable({ site = web.start(options) }, meta)
  self.url = "http://" .. options.listen .. "/"
  self.browser = webdriver.start(self.site.folder)
  self.browser:look(1280, 900, "light")
  return self
end

--- Ends both; gives what nginx wrote.
function Pages:stop()
  self.browser:stop()
  local text = self.site:stop()
  helper.tear_down()
  return text
end

--- Signs in with a key (that of the site), as a person does.
function Pages:sign_in(key)
  local browser = self.browser
  browser:open(self.url)
  browser:type("#key", key or self.site.key)
  browser:click("form button")
  self:live()
end

--- Waits until the page has its events.
function Pages:live()
  self.browser:await("return document.body.dataset.connection === 'live'")
end

--- Goes to a view as by a link, and waits for this in it.
function Pages:go(path, css)
  self.browser:run("location.hash = arguments[0]", path)
  self.browser:element(css or "main h1")
end

local DROP = [[
  const [css, name, kind, data] = arguments;
  const bytes = Uint8Array.from(atob(data), (c) => c.charCodeAt(0));
  const transfer = new DataTransfer();
  transfer.items.add(new File([bytes], name, { type: kind }));
  const target = document.querySelector(css);
  for (const type of ["dragenter", "dragover", "drop"]) {
    target.dispatchEvent(new DragEvent(type, {
      bubbles: true, cancelable: true, dataTransfer: transfer,
    }));
  }
]]

--- Drops a file on an element, as from the desktop.
function Pages:drop(css, name, bytes, kind)
  self.browser:element(css)
  self.browser:run(DROP, css, name, kind or "application/pdf", (require "mime".b64(bytes)))
end

--- A picture of the page, for people to look at: in the build folder.
function Pages:picture(name)
  os.execute("mkdir -p " .. helper.quote(helper.build .. "/web"))
  self.browser:await("return document.getAnimations().length === 0"
    .. " && [...document.images].every((i) => i.loading === 'lazy' || i.complete)")
  self.browser:picture(("%s/web/%s.png"):format(helper.build, name))
end

-- Colours that are still on their way to others are not judged.
local RUN_AXE = [[
  const done = arguments[0];
  const told = ({ id, help, nodes }) => [`${id}: ${help}`, ...nodes.map(({ html }) => html)]
    .join("\n  ");
  Promise.allSettled(document.getAnimations().map(({ finished }) => finished))
    .then(() => axe.run(document, { resultTypes: ["violations"] }))
    .then(({ violations }) => done(violations
      .filter(({ impact }) => impact === "serious" || impact === "critical")
      .map(told).join("\n")), (failure) => done(String(failure)));
]]

--- What axe-core finds that is serious or critical, as a text.
function Pages:faults()
  if not self.browser:run("return Boolean(window.axe)") then
    self.browser:run(helper.read(AXE))
  end
  return self.browser:run_async(RUN_AXE)
end

--- What went wrong in the scripts of the pages, or was kept from them by their policy
--- (Content-Security-Policy), as a text. What the server refused is none of that.
function Pages:errors()
  local list = {}
  for _, one in ipairs(self.browser:console()) do
    if one.level == "SEVERE" and not one.message:find("Failed to load resource", 1, true)
      and not one.message:find("net::ERR_", 1, true) then
      list[#list + 1] = one.message
    end
  end
  return table.concat(list, "\n")
end

--- How much wider the page is than the window.
function Pages:overflow()
  return self.browser:run(
    "return document.documentElement.scrollWidth - document.documentElement.clientWidth")
end

return pages
