-- SPDX-License-Identifier: MIT
-- The pages in Chromium when there is much of something: jobs, letters of a name, and
-- trouble.
local fax = require "fax"
local helper = require "spec.helper"
local pages = require "spec.support.pages"

describe("the pages of the site with much in them:", function()
  if not pages.is_here() then
    pending("Chromium, its driver, axe-core or nginx are not here: make test-web")
    return
  end

  local it_is, browser, server, path

  setup(function()
    it_is = pages.start()
    browser = it_is.browser
    path = helper.pdf(it_is.site.folder, 1)
    server = assert(fax.connect { socket = it_is.site.folder .. "/fax/fax.sock", user = "demo" })
    it_is:sign_in()
  end)

  teardown(function()
    server:close()
    local text = it_is:stop():gsub("[^\n]*the fax server cannot be reached[^\n]*", "")
    assert.not_matches("%[error%]", text)
  end)

  local function send(options)
    return assert(server:send(path, helper.merged({ to = "102" }, options)))
  end

  local function count(css)
    return browser:run("return document.querySelectorAll(arguments[0]).length", css)
  end

  local function fits(name)
    browser:look(360, 740, "light")
    assert.equal(0, it_is:overflow(), name)
    it_is:picture(name .. "-phone")
    browser:look(1280, 900, "light")
    assert.equal(0, it_is:overflow(), name)
    it_is:picture(name .. "-light")
  end

  it("a long name fits, and one from right to left takes no number along", function()
    local long = ("Donaudampfschifffahrt"):rep(8)
    local job = send { hold = true, name = long, subject = long .. " and more of it" }
    local hebrew = send { hold = true, to = "103", name = "שלום עולם", subject = "مرحبا (2026)" }
    it_is:go("/queue", ("[data-job='%d']"):format(hebrew.id))
    fits "names"
    -- The number stands to the right of the name, as in each other line.
    assert.is_true(browser:run([[
      const text = document.querySelector(`[data-job="${arguments[0]}"] h2 a`).firstChild;
      const left = (part) => {
        const range = document.createRange();
        range.setStart(text, text.data.indexOf(part));
        range.setEnd(text, text.data.indexOf(part) + part.length);
        return range.getBoundingClientRect().left;
      };
      return left("103") > left("שלום");
    ]], hebrew.id))
    it_is:go("/job/" .. job.id, ".page")
    fits "names-job"
    assert(job:abort())
    assert(hebrew:abort())
  end)

  it("a queue that is long is shown in parts", function()
    local first = send { hold = true, name = "the first" }
    for i = 1, 50 do
      send { hold = true, name = "number " .. i }
    end
    it_is:go("/send", ".drop")
    it_is:go("/queue", "main .more")
    assert.equal(50, count "main .jobs:first-of-type [data-state=paused]")
    assert.equal("the newest 50", browser:text ".count")
    assert.equal(0, count(("[data-job='%d']"):format(first.id)))
    browser:click "main .more"
    browser:element(("[data-job='%d'][data-state=paused]"):format(first.id))
    browser:await "return document.querySelector('main .more').hidden"
    assert.equal("51 faxes", browser:text ".count")
    assert.is_false(browser:run "return document.activeElement === document.body")
    fits "many"
  end)

  it("who wants no motion sees none", function()
    local function moving()
      return browser:run([[
        return [...document.querySelectorAll("*")].map((one) => getComputedStyle(one))
          .filter((style) => style.animationName !== "none"
            || style.transitionDuration.split(", ").some((time) => parseFloat(time) > 0)).length;
      ]])
    end
    it_is:go("/queue", ".job")
    assert.is_true(moving() > 0)
    browser:command("Emulation.setEmulatedMedia", { features = {
      { name = "prefers-reduced-motion", value = "reduce" } } })
    assert.equal(0, moving())
    browser:look(1280, 900, "light")
  end)

  it("a fax server that is away is said, with what to do, until it is back", function()
    it_is:go("/ports", ".port")
    it_is.site:stop_faxd()
    it_is:go("/queue", "main .problem")
    assert.matches("shown as soon as that is over", browser:text "main .problem")
    it_is:go("/send", ".drop")
    it_is:drop(".drop", "letter.pdf", helper.read(path))
    assert.matches("The pages were not made: .*Try again", browser:text "#file-problem .problem")
    fits "away"
    it_is:go("/ports", "main .problem")
    it_is.site:start_faxd()
    browser:element ".port"
    browser:await "return !document.querySelector('main .problem')"
  end)
end)
