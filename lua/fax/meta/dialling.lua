---@meta _
-- SPDX-License-Identifier: MIT
-- Annotations: the rules of dialling. Never loaded.

---@class fax.server
local server = {}

---FaxGetDialPlan (right FAX_PORT_QUERY). What becomes of a number by the rules of dialling of the service: `docs/dialling.md`.
---@param number string
---@return fax.dial_plan? plan
---@return string? message
---@return string? code
function server:dial_plan(number) end

---@class fax.dialling
---@field country? string the code of the own country, "49"
---@field international? string what is dialled before numbers of other countries, "00"
---@field national? string what is dialled before numbers of the own country, "0"; "": nothing is
---@field national_digits? integer a number of so many digits is one of the own country also without that
---@field groups? table<string, string[]> ports by their names, or all of a provider by its name
---@field routes? { prefix: string, group: string? }[] the beginning of a number's normal form, and the group that calls such numbers; the longest counts; without a group: any port
---@field blocked? string[] numbers that are never called; with a "*" behind, the beginning of their normal form

---What becomes of a number (FaxGetDialPlan).
---@class fax.dial_plan
---@field number string
---@field normal string its normal form
---@field prefix? string of its route
---@field group? string of the route; absent: any port
---@field blocked_by? string the entry of the block list
---@field calls integer that go to it now
---@field most_calls integer 0: no limit
---@field ports fax.dial_port[] that may call it, the first choice first

---@class fax.dial_port
---@field device_id integer
---@field name string
---@field sends boolean it is free
