-- SPDX-License-Identifier: MIT
-- The pages of webhooks in Chromium: one is added, tried, paused and deleted, and what
-- became of its deliveries is seen as it happens.
local pages = require "spec.support.pages"
local receiver = require "spec.support.receiver"

-- A delivery that failed is tried again when all here is over.
local SETTINGS = "hooks_private = true, hook_first = 3600, hook_longest = 7200,"

describe("the pages of webhooks:", function()
  if not pages.is_here() then
    pending("Chromium, its driver, axe-core or nginx are not here: make test-web")
    return
  end

  local it_is, browser, far

  setup(function()
    it_is = pages.start { conf = function(text)
      return (text:gsub("%-%- hooks_private[^\n]*", SETTINGS))
    end }
    browser = it_is.browser
    far = receiver.open()
    it_is:sign_in()
  end)

  teardown(function()
    local errors = it_is:errors()
    far:close()
    assert.not_matches("%[error%]", it_is:stop())
    assert.equal("", errors)
  end)

  local function click(label)
    browser:click(browser:await([[
      return [...document.querySelectorAll("main button")].find((one) =>
        one.textContent === arguments[0] && one.getClientRects().length > 0);
    ]], label))
  end

  local function await_text(css, text)
    browser:await("return document.querySelector(arguments[0])?.textContent.includes(arguments[1])",
      css, text)
  end

  local function active(css)
    return browser:run("return document.activeElement.matches(arguments[0])", css)
  end

  local function test_delivery()
    return far:until_told(function(told)
      return told.kind == "test"
    end)
  end

  -- Of that name as it is seen: its colours, and that it fits a phone.
  local function judge(name)
    for _, scheme in ipairs { "light", "dark" } do
      browser:look(1280, 900, scheme)
      assert.equal("", it_is:faults(), name .. ", " .. scheme)
      it_is:picture(name .. "-" .. scheme)
    end
    browser:look(360, 740, "light")
    assert.equal(0, it_is:overflow(), name)
    it_is:picture(name .. "-phone")
    browser:look(1280, 900, "light")
  end

  it("an address that cannot be told is refused in words, where it was typed", function()
    it_is:go("/hooks", ".empty")
    judge "hooks-empty"
    it_is:go("/hooks/new", "#url")
    browser:type("#url", "ftp://127.0.0.1/")
    click "Add the webhook"
    assert.matches("The webhook was not added: url: http:// or https:// expected.*another address",
      browser:text("#hook-problem .problem"))
    assert.is_true(active("#url"))
    judge "hook-refused"
  end)

  it("one is added by the keyboard, and its secret shown once", function()
    it_is:go("/hooks", "main .button")
    browser:run("document.querySelector('main .button').focus()")
    browser:press("enter")
    browser:await("return document.activeElement.matches('h1')")
    browser:press("tab")
    assert.is_true(active("#url"))
    browser:type("#url", far.url)
    -- All but jobs.
    browser:press("tab", " ", "tab", "enter")
    local secret = browser:run("return arguments[0].value", browser:element("#told-secret"))
    assert.matches("^%x+$", secret)
    assert.is_true(active("h1"))
    judge "hook-secret"
    browser:click("main .buttons a")
    far:until_told(function(told)
      return told.kind == "gap" -- nobody has listened before
    end):answer(200)
    await_text("main .card", far.url)
    assert.not_matches("Jobs", browser:text("main .facts"))
    assert.matches("Faxes that come in, Lines", browser:text("main .facts"))
    click "Send a test"
    assert.is_true(test_delivery():answer(204):is_signed(secret))
    await_text("main .status", "The test has arrived: it answered 204.")
    browser:element(".delivery[data-state=delivered]")
    assert.is_nil((browser:run("return document.documentElement.outerHTML"):find(secret, 1, true)))
    judge "hook"
  end)

  it("what does not arrive is said, with when it is tried again", function()
    click "Send a test"
    test_delivery():answer(500)
    await_text("main .status", "it answered 500. It is tried again.")
    local row = browser:text(".delivery[data-state=waiting]")
    assert.matches("A test", row)
    assert.matches("1 try · it answered 500", row)
    assert.matches("Next try today", row)
  end)

  it("one is paused and resumed", function()
    click "Pause"
    await_text("main .state", "paused")
    assert.matches("waits until the webhook is resumed",
      browser:text(".delivery[data-state=waiting]"))
    assert.is_true(active("main .hook button")) -- that stands where the other was
    judge "hook-paused"
    it_is:go("/hooks", "[data-hook]")
    assert.equal("paused", browser:text("[data-hook] .state"))
    judge "hooks"
    browser:click("[data-hook] a")
    click "Resume"
    await_text("main .state", "active")
  end)

  it("one that answers 410 is seen to end", function()
    click "Send a test"
    test_delivery():answer(410)
    await_text("main .state", "ended")
    assert.matches("told no more", browser:text("main .facts"))
    assert.same({ "Delete" }, browser:run([[
      return [...document.querySelectorAll("main .buttons button")]
        .filter((one) => one.getClientRects().length > 0).map((one) => one.textContent);
    ]]))
  end)

  it("one is deleted when that is meant", function()
    click "Delete"
    browser:element("dialog [value=no]")
    browser:press("escape")
    browser:await("return !document.querySelector('dialog')")
    assert.equal("Delete", browser:run("return document.activeElement.textContent"))
    click "Delete"
    browser:click("dialog [value=yes]")
    browser:await("return location.hash === '#/hooks'")
    browser:element("main .empty")
    it_is:go("/hooks/" .. ("0"):rep(32), ".problem")
    assert.matches("The webhook cannot be shown: there is no such hook", browser:text(".problem"))
  end)
end)
