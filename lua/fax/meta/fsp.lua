---@meta _
-- SPDX-License-Identifier: MIT
-- Annotations: the check of providers. Never loaded.

---For authors of providers; `docs/fsp-c.md` and `docs/fsp-lua.md` tell how to write one.
---@class fax.fsp
local fsp = {}

---Drives a provider through every entry point in every order in which the service may call it. One given by `path` is never loaded into this process: each case is a process of its own, of the program fax-fsp-check, or of this Lua for a path that ends in `.lua`. Needs no service.
---@param options fax.fsp_check_options
---@return fax.fsp_checked? checked
---@return string? message
---@return string? code
function fsp.check(options) end

---@class fax.fsp_check_options
---@field path? string the shared object, or a `.lua` file that returns what `provider` may be
---@field provider? table|function instead of `path`, a provider in Lua: options as for `fax.provider`, or a function that takes `options` and gives these or what `fax.provider` gives. It is checked in this process, where no service may run, on its default loop, which is closed
---@field options? table its options: `{ key = value }`, or `{ "key=value" }`
---@field number? string one that answers and takes a fax; default: nothing is dialled
---@field bad_number? string one that cannot be reached
---@field pages? integer pages of the fax (1); a provider in Lua gets one of 1 and one of 3
---@field limit? integer seconds for a call that must not wait, and for a turn of a callback in Lua (10)
---@field call_limit? integer seconds for an operation (300)
---@field abort_limit? integer seconds for its end after an abort (30)
---@field clock? "virtual"|"real" of a provider in Lua; default: virtual
---@field only? string only the cases of this rule, or with this in their title; of the rules that hold throughout those that were broken
---@field each? fun(line: fax.fsp_check_line) called with each as it comes

---The lines, in their order, and:
---@class fax.fsp_checked
---@field passed boolean nothing failed
---@field failed integer how many did

---@class fax.fsp_check_line
---@field result "ok"|"fail"|"skip"|"note" skip: it did not come to that; note: it would not do, but the service never asks for it
---@field rule string "FSP-40", as in `docs/conformance.md`; or "options", "extension", "loop"
---@field title string
---@field why? string
