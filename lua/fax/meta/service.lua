---@meta _
-- SPDX-License-Identifier: MIT
-- Annotations: the service of this process. Never loaded.

---The service of this process.
---@class fax.service
local service = {}

---Who reaches the service from other processes, and how.
---@class fax.serving_options: fax.service_options
---@field socket? string where they do; default: `fax.sock` in the directory; "": nowhere
---@field listen_fd? integer a unix socket that listens already, instead; the service takes it
---@field access? fax.access_rule[] who may connect: the first rule that fits counts; default: the account of this process, and root, with all rights

---@class fax.access_rule
---@field user? string the account; default: any
---@field group? string that the account is a member of; default: any
---@field rights string[]|integer by their FAX_ names; {}: may not connect
---@field act_for? boolean may open sessions for other users, with these rights or fewer

---FaxServiceStart. A service that runs until it is stopped or the Lua state is closed.
---@param options? fax.serving_options
---@return true? ok
---@return string? message
---@return string? code
function service.start(options) end

---FaxServiceStop, with the defaults drain = 0 and timeout = 30: starts nothing new, lets what is under way end for `drain` seconds, aborts it then, and waits `timeout` seconds more. The same goes for the operations of this Lua state's providers, which are detached; inside a plain callback, where the loop cannot be run, they are lost at once. When none runs: true.
---@param options? { drain: number?, timeout: number? }
---@return true? ok
---@return string? message
---@return string? code
function service:stop(options) end

---FaxServiceAskStop, with the defaults drain = 0 and timeout = 30: the same without the wait, for a program whose loop goes on. A subscription hears of the end ("FEI_FAXSVC_ENDED"), `stop` waits for it. An earlier end than one that was asked for before counts.
---@param options? { drain: number?, timeout: number? }
function service.ask_stop(options) end

---FaxServiceCheck. Whether a service with these options could start, as far as that can be told without starting one. The message begins with the name of the option.
---@param options? fax.serving_options
---@return true? ok
---@return string? message
---@return string? code
function service.check(options) end

---FaxServiceReload. Other options for the service that runs, as for `start`: what can be changed without losing a call is, all of it or, on an error, nothing. That is all but `directory`, `inbox`, `socket`, `log`, `log_format`, `compat` and the options of a provider that is loaded: the names of those that differ are in the list, and need a restart. New providers are loaded; those that are not named any more leave when their calls have ended.
---@param options? fax.serving_options
---@return string[]? left
---@return string? message
---@return string? code
function service.reload(options) end

---FaxServiceNote. A line "room: text" in the log of the service.
---@param level "error"|"warn"|"info"|"debug"
---@param room string who says it
---@param text string
---@return true? ok
---@return string? message
---@return string? code
function service.note(level, room, text) end

---FaxServiceReopenLog. The file of the log was moved away: the next line begins a new one.
function service.reopen_log() end

---@return boolean
function service.running() end
