---@meta _
-- SPDX-License-Identifier: MIT
-- Annotations: the check of providers. Never loaded.

---For authors of providers in C; `docs/fsp-c.md` tells how to write one.
---@class fax.fsp
local fsp = {}

---Drives a provider through every entry point in every order in which the service may call it, each case in a process of its own, by the program fax-fsp-check. The provider is never loaded into this process. Needs no service.
---@param options fax.fsp_check_options
---@return fax.fsp_checked? checked
---@return string? message
---@return string? code
function fsp.check(options) end

---@class fax.fsp_check_options
---@field path string the shared object
---@field options? table its options: `{ key = value }`, or `{ "key=value" }`
---@field number? string one that answers and takes a fax; default: nothing is dialled
---@field bad_number? string one that cannot be reached
---@field pages? integer pages of the fax (1)
---@field limit? integer seconds for a call that must not wait (10)
---@field call_limit? integer seconds for FaxDevSend and FaxDevReceive (300)
---@field abort_limit? integer seconds for them after an abort (30)
---@field only? string only the cases of this rule, or with this in their title; of the rules that hold throughout those that were broken
---@field each? fun(line: fax.fsp_check_line) called with each as it comes

---The lines, in their order, and:
---@class fax.fsp_checked
---@field passed boolean nothing failed
---@field failed integer how many did

---@class fax.fsp_check_line
---@field result "ok"|"fail"|"skip"|"note" skip: it did not come to that; note: it would not do, but the service never asks for it
---@field rule string "FSP-40", as in `docs/conformance.md`; or "options", "extension"
---@field title string
---@field why? string
