-- SPDX-License-Identifier: MIT
-- The pages of examples/openresty as people use them: in Chromium, by mouse, by
-- keyboard, on a phone.
local fax = require "fax"
local helper = require "spec.helper"
local pages = require "spec.support.pages"

describe("the pages of the site:", function()
  if not pages.is_here() then
    pending("Chromium, its driver, axe-core or nginx are not here: make test-web")
    return
  end

  local it_is, browser, pdf
  local sent -- the job that came to its end here

  setup(function()
    it_is = pages.start { faxd = 'dialling = { blocked = { "666" } }\n',
      keys = { { "shop", "clara", { "FAX_JOB_SUBMIT" } } } }
    browser = it_is.browser
    pdf = helper.read(helper.pdf(it_is.site.folder, 3))
    it_is:sign_in()
  end)

  teardown(function()
    local errors = it_is:errors()
    assert.not_matches("%[error%]", it_is:stop())
    assert.equal("", errors)
  end)

  -- A fax that waits, paused, queued by another program; its id.
  local function held(options)
    local server = assert(fax.connect { socket = it_is.site.folder .. "/fax/fax.sock",
      user = "demo" })
    local path = helper.write(it_is.site.folder .. "/held.pdf", pdf)
    local job = assert(server:send(path, helper.merged({ to = "102", hold = true }, options)))
    server:close()
    return job.id
  end

  local function job_of_page()
    return tonumber(browser:await("return /#\\/job\\/(\\d+)/.exec(location.hash)?.[1]"))
  end

  local function await_state(state)
    browser:await("return document.querySelector('main .state')?.textContent === arguments[0]",
      state)
  end

  local function active(css)
    return browser:run("return document.activeElement.matches(arguments[0])", css)
  end

  -- Goes on by the keyboard until that has the focus.
  local function tab_to(css)
    for _ = 1, 20 do
      browser:press("tab")
      if active(css) then
        return
      end
    end
    error("the keyboard does not come to " .. css, 2)
  end

  it("a wrong key is refused in words, where it was typed", function()
    browser:click("#sign-out")
    browser:type("#key", "1234")
    browser:click("form button")
    assert.matches("no such key.*ask for another", browser:text("form .problem"))
    browser:await("return document.activeElement.id === 'key'")
    it_is:sign_in()
    assert.equal("demo", browser:text("#user"))
  end)

  it("a PDF that is dropped is shown as it will be sent, watched to its end, and read", function()
    it_is:go("/send", ".drop")
    it_is:drop(".drop", "letter.pdf", pdf)
    browser:await("return document.querySelectorAll('.preview .page').length === 3")
    it_is:picture("preview")
    -- Black, white, and nothing between.
    assert.same({ 0, 255 }, browser:await([[
      const image = document.querySelector(".preview img");
      if (!image.complete) return null;
      const canvas = document.createElement("canvas");
      canvas.width = image.naturalWidth;
      canvas.height = image.naturalHeight;
      const context = canvas.getContext("2d");
      context.drawImage(image, 0, 0);
      const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
      return [...new Set(data.filter((_, i) => i % 4 !== 3))].sort((a, b) => a - b);
    ]]))
    browser:type("#to", "102")
    browser:type("#name", "Anna")
    browser:click(".send-form summary")
    browser:click("#hold")
    browser:click(".send-form .primary")
    sent = job_of_page()
    await_state("paused")
    browser:run([[
      window.told = [];
      const text = document.querySelector(".progress-text");
      new MutationObserver((changes) => changes.forEach(({ addedNodes }) => addedNodes
        .forEach((node) => window.told.push(node.textContent)))).observe(text, { childList: true });
    ]])
    browser:click("[data-verb=resume]")
    await_state("completed")
    local told = table.concat(browser:run("return window.told"), "\n")
    for page = 1, 3 do
      assert.matches(("page %d of 3: sending"):format(page), told)
    end
    assert.equal(3, browser:run("return document.querySelector('main progress').value"))
    -- The exchange as a picture, and in words.
    browser:element(".timeline")
    assert.is_true(browser:run([[
      const frames = (kind) => [...document.querySelectorAll(`.timeline .${kind} .frame-name`)]
        .map((name) => name.textContent);
      return frames("sent").includes("DCS") && frames("received").includes("CFR");
    ]]))
    assert.matches("received CFR", browser:run(
      "return document.querySelector('.timeline desc').textContent"))
    it_is:picture("job")
    -- Its pages are those of the archive now, and one leads to the other.
    browser:await([[
      const images = [...document.querySelectorAll(".page img")];
      return images.length === 3 && images.every((one) => /\/v1\/sent\/\d+\/pages/.test(one.src)
        && (one.loading === "lazy" || one.naturalWidth > 1000));
    ]])
    browser:click("main a[href^='#/sent/']")
    browser:await("return document.querySelector('h1').textContent === 'To Anna'")
    -- What came in on the other line.
    it_is:go("/inbox", ".fax")
    browser:click(".fax a")
    browser:await("return document.querySelectorAll('.page img').length === 3")
    it_is:picture("fax")
    browser:click(".page")
    browser:await("return document.querySelector('.large')?.naturalWidth > 1000")
    assert.matches("page 1 of 3", browser:text("dialog h2"))
    browser:press("right")
    assert.matches("page 2 of 3", browser:text("dialog h2"))
    browser:run("[...document.querySelectorAll('dialog button')][1].focus()")
    browser:press("enter", "enter")
    assert.matches("page 3 of 3", browser:text("dialog h2"))
    browser:press("left") -- the button that leads no further has kept the focus
    assert.matches("page 2 of 3", browser:text("dialog h2"))
    browser:press("escape")
    browser:await("return !document.querySelector('dialog')")
    assert.is_true(active(".page"))
    assert.equal("%PDF", browser:run_async([[
      const done = arguments[0];
      fetch(document.querySelector("a[download]").href).then((answer) => answer.text())
        .then((text) => done(text.slice(0, 4)), done);
    ]]))
  end)

  it("a job that waits is cancelled, and leaves the queue", function()
    local id = held()
    it_is:go("/queue", ("[data-job='%d']"):format(id))
    browser:click(("[data-job='%d'] [data-verb=cancel]"):format(id))
    browser:element(("[data-job='%d'][data-state=cancelled]"):format(id))
    assert.is_true(browser:run(
      "return document.querySelector('#announcer').textContent.includes('cancelled')"
      .. " || document.querySelector('.part').hidden === false"))
    -- It is known by others, too, who have not seen it go.
    browser:open("about:blank")
    browser:open(it_is.url)
    browser:element(("[data-job='%d'][data-state=cancelled]"):format(id))
    it_is:live()
    it_is:go("/job/" .. id)
    await_state("cancelled")
    assert.matches("only those of faxes that were sent are kept", browser:text("main .help.part"))
  end)

  it("the keyboard stays at a job that leaves the queue, whose end is said", function()
    local id = held()
    it_is:go("/queue", ("[data-job='%d']"):format(id))
    browser:run("document.querySelector(`[data-job='${arguments[0]}'] [data-verb=cancel]`).focus()",
      id)
    browser:press("enter")
    browser:element(("[data-job='%d'][data-state=cancelled]"):format(id))
    browser:await("return document.activeElement.matches("
      .. "`.jobs ~ .jobs [data-job='${arguments[0]}'] a`)", id)
    browser:await("return document.querySelector('#announcer').textContent.includes("
      .. "`Job ${arguments[0]} to 102: cancelled`)", id)
  end)

  it("pages of a job in the queue are seen, not said", function()
    local id = held()
    it_is:go("/queue", ("[data-job='%d']"):format(id))
    browser:run([[
      window.said = [];
      new MutationObserver(() => window.said.push(document.querySelector("#announcer").textContent))
        .observe(document.querySelector("#announcer"), { childList: true });
    ]])
    browser:click(("[data-job='%d'] [data-verb=resume]"):format(id))
    browser:element(("[data-job='%d'][data-state=completed]"):format(id))
    browser:await("return window.said.some((text) => text.includes('completed'))")
    assert.not_matches("page", table.concat(browser:run("return window.said"), "\n"))
  end)

  it("a job that waits for its date is paused and resumed", function()
    local id = held { hold = false, at = os.time() + 86400 }
    it_is:go("/job/" .. id)
    await_state("waiting")
    browser:click("[data-verb=pause]")
    await_state("paused")
    browser:click("[data-verb=resume]")
    await_state("waiting")
    browser:click("[data-verb=cancel]")
    await_state("cancelled")
  end)

  it("a job that has failed can be tried again, or cancelled", function()
    local id = held { to = "199", name = "Bob" }
    it_is:go("/queue", ("[data-job='%d']"):format(id))
    local card = ("[data-job='%d'][data-state=failed] "):format(id)
    browser:click(("[data-job='%d'] [data-verb=resume]"):format(id))
    assert.equal("The number is unknown.", browser:text(card .. ".why"))
    browser:click(card .. "a")
    await_state("failed")
    assert.equal(("Job %d to Bob, 199"):format(id), browser:text("h1"))
    browser:await("return document.querySelectorAll('.page img').length === 3") -- still there
    browser:click("[data-verb=restart]")
    browser:await("return document.querySelectorAll('.attempt').length === 2")
    browser:click("[data-verb=cancel]")
    browser:await("return !document.querySelector('.page')")
    assert.matches("only those of faxes that were sent are kept", browser:text("main .help.part"))
  end)

  it("a file that is no document is refused in words, where it was dropped", function()
    it_is:go("/send", ".drop")
    it_is:drop(".drop", "bad.pdf", "this is no document")
    assert.matches("This document cannot be sent: bad.pdf.*Choose another file",
      browser:text("#file-problem .problem"))
    it_is:picture("bad-file")
    it_is:drop(".drop", "letter.pdf", pdf)
    browser:await("return document.querySelectorAll('.preview .page').length === 3")
    browser:await("return !document.querySelector('#file-problem').hasChildNodes()")
  end)

  it("a number that cannot be called is refused in words, where it is sent", function()
    browser:type("#to", "666")
    browser:click(".send-form .primary")
    assert.matches("The fax was not sent: .*666", browser:text("#send-problem .problem"))
    assert.equal(3, browser:run("return document.querySelectorAll('.preview .page').length"))
  end)

  it("a preview whose time is over is made again when its fax is sent", function()
    it_is:go("/queue", ".job, .empty")
    it_is:go("/send", ".drop")
    it_is:drop(".drop", "letter.pdf", pdf)
    browser:element(".preview .page")
    assert.equal(204, browser:run_async([[
      const done = arguments[0];
      const image = document.querySelector(".preview img").src;
      fetch(image.replace(/\/pages\/.*/, ""), { method: "DELETE" })
        .then((answer) => done(answer.status), done);
    ]]))
    browser:type("#to", "102")
    browser:click(".send-form .primary")
    job_of_page()
    await_state("completed")
  end)

  it("a fax is sent once though the answer to it was lost", function()
    it_is:go("/send", ".drop")
    it_is:drop(".drop", "letter.pdf", pdf)
    browser:element(".preview .page")
    browser:type("#to", "103")
    browser:run([[
      const plain = window.fetch;
      window.sent = [];
      window.fetch = async (path, options) => {
        const answer = await plain(path, options);
        if (!String(path).endsWith("/jobs") || options.method !== "POST") return answer;
        window.sent.push((await answer.clone().json()).id);
        if (window.sent.length === 1) throw new TypeError("lost");
        return answer;
      };
    ]])
    browser:click(".send-form .primary")
    assert.matches("cannot be reached", browser:text("#send-problem .problem"))
    browser:click(".send-form .primary")
    local id = job_of_page()
    assert.same({ id, id }, browser:run("return window.sent"))
    await_state("completed")
  end)

  it("a fax of the inbox is deleted when that is meant", function()
    it_is:go("/inbox", ".fax")
    local count = browser:run("return document.querySelectorAll('.fax').length")
    browser:click(".fax a")
    browser:click("main .danger")
    browser:click("dialog [value=no]")
    browser:await("return !document.querySelector('dialog')")
    browser:click("main .danger")
    browser:click("dialog [value=yes]")
    browser:await("return location.hash === '#/inbox'")
    browser:await("return document.querySelectorAll('.fax').length === arguments[0]", count - 1)
  end)

  it("a fax is sent by the keyboard alone", function()
    browser:open("about:blank")
    browser:open(it_is.url)
    it_is:live()
    browser:press("tab")
    assert.is_true(active(".skip"))
    browser:press("enter")
    assert.is_true(active("main"))
    tab_to("main a[href='#/send']")
    browser:press("enter")
    browser:await("return document.activeElement.matches('h1')")
    browser:press("tab")
    assert.is_true(active("#document"))
    browser:choose("#document", helper.write(it_is.site.folder .. "/keys.pdf", pdf))
    browser:await("return document.querySelectorAll('.preview .page').length === 3")
    tab_to("#to")
    browser:press("1", "0", "2", "enter")
    job_of_page()
    await_state("completed")
  end)

  -- What the page asks for its events with, from now on.
  local function record_streams()
    browser:run([[
      const plain = window.fetch;
      window.streams = [];
      window.fetch = (path, options) => {
        if (String(path).endsWith("/events")) {
          window.streams.push(options.headers["Last-Event-ID"] ?? "none");
        }
        return plain(path, options);
      };
    ]])
  end

  it("a stream that ends is taken up where it was", function()
    it_is:go("/queue", "main h1")
    local first = held()
    browser:element(("[data-job='%d']"):format(first))
    record_streams()
    it_is.site.nginx:signal("HUP")
    browser:await("return window.streams.some((id) => /^\\d+-\\d+$/.test(id))")
    it_is:live()
    local id = held()
    browser:element(("[data-job='%d'][data-state=paused]"):format(id))
    assert.is_false(browser:run("return document.querySelector('#lost').hasChildNodes()"))
  end)

  it("a lost connection is said, and who has to sign in again comes back to his page", function()
    it_is:go("/queue", "main h1")
    it_is.site.nginx:signal("TERM"):finish()
    assert.matches("Connection lost", browser:text("#lost p"))
    it_is:picture("lost")
    local id = held()
    it_is.site:start_nginx()
    -- nginx keeps sessions in its memory.
    assert.matches("You were signed out", browser:text("main .note"))
    browser:type("#key", it_is.site.key)
    browser:click("form button")
    it_is:live()
    browser:element(("[data-job='%d'][data-state=paused]"):format(id))
    assert.is_false(browser:run("return document.querySelector('#lost').hasChildNodes()"))
  end)

  -- What each of them is known by, and what is to be there before it is judged.
  local function views()
    local id = held { name = "Anna", subject = "a letter" }
    it_is:go("/queue", ("[data-job='%d']"):format(id))
    return {
      { "queue", "/queue", ".job" }, { "send", "/send", ".drop" },
      { "held", "/job/" .. id, ".page" },
      { "done", "/job/" .. sent, ".timeline" }, { "inbox", "/inbox", ".fax" },
      { "sent", "/sent", ".fax" }, { "ports", "/ports", ".port" },
      { "missing", "/job/9999", ".problem" },
    }
  end

  it("no page is wider than a phone", function()
    browser:look(360, 740, "light")
    for _, view in ipairs(views()) do
      it_is:go(view[2], view[3])
      it_is:picture(view[1] .. "-phone")
      assert.equal(0, it_is:overflow(), view[1])
    end
    browser:look(1280, 900, "light")
  end)

  it("axe-core finds nothing serious in what opens and in what fails", function()
    for _, scheme in ipairs { "light", "dark" } do
      browser:look(1280, 900, scheme)
      it_is:go("/send", ".drop")
      it_is:drop(".drop", "letter.pdf", pdf)
      browser:element(".preview .page")
      assert.equal("", it_is:faults(), "preview, " .. scheme)
      browser:click(".page")
      browser:element(".large")
      assert.equal("", it_is:faults(), "viewer, " .. scheme)
      it_is:picture("viewer-" .. scheme)
      browser:press("escape")
      it_is:drop(".drop", "bad.pdf", "this is no document")
      browser:element("#file-problem .problem")
      browser:click(".send-form summary")
      assert.equal("", it_is:faults(), "bad file, " .. scheme)
      it_is:go("/job/" .. sent, ".exchange")
      browser:click(".exchange summary")
      assert.equal("", it_is:faults(), "table, " .. scheme)
      it_is:go("/inbox", ".fax")
      browser:click(".fax a")
      browser:click("main .danger")
      assert.equal("", it_is:faults(), "question, " .. scheme)
      browser:press("escape")
    end
  end)

  it("axe-core finds nothing serious, in light and in dark", function()
    local list = views()
    for _, scheme in ipairs { "light", "dark" } do
      browser:look(1280, 900, scheme)
      for _, view in ipairs(list) do
        it_is:go(view[2], view[3])
        assert.equal("", it_is:faults(), view[1] .. ", " .. scheme)
        it_is:picture(view[1] .. "-" .. scheme)
      end
    end
  end)

  it("who signs in with a key that may only send sees what is his", function()
    browser:look(1280, 900, "light")
    browser:click("#sign-out")
    browser:element("#key")
    for _, scheme in ipairs { "light", "dark" } do
      browser:look(1280, 900, scheme)
      assert.equal("", it_is:faults(), "sign in, " .. scheme)
      it_is:picture("sign-in-" .. scheme)
    end
    it_is:sign_in(it_is.site.keys.shop)
    assert.equal("Queue Send Sent Webhooks", (browser:text("#nav"):gsub("%s+", " ")))
    assert.equal("Nothing waits to be sent.", browser:text("main .empty"))
    it_is:go("/job/" .. sent, ".problem")
    assert.matches("cannot be shown", browser:text(".problem"))
  end)
end)
