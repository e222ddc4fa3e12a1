---@meta _
-- SPDX-License-Identifier: MIT
-- Annotations: a port that was opened. Never loaded.

---A port handle. `close`, `<close>` and the garbage collector are FaxClose.
---@class fax.port
local port = {}

---FaxGetPort (right FAX_PORT_QUERY).
---@return fax.port_info? info
---@return string? message
---@return string? code
function port:info() end

---FaxGetDeviceStatus (right FAX_PORT_QUERY).
---@return fax.device_status? status
---@return string? message
---@return string? code
function port:status() end

---FaxSetPort (right FAX_PORT_SET; opened for "modify"). What is not named stays as it is.
---@param changes { rings: integer?, priority: integer?, tsid: string?, csid: string?, receive: boolean?, send: boolean? }
---@return true? ok
---@return string? message
---@return string? code
function port:set(changes) end

---FaxEnumRoutingMethods (right FAX_PORT_QUERY). Every routing method, with whether it is enabled for the port.
---@return fax.routing_method[]? methods
---@return string? message
---@return string? code
function port:routing_methods() end

---FaxEnableRoutingMethod (right FAX_PORT_SET; opened for "modify"). Switches one method for the port. ERROR_INVALID_DATA: no such method. ERROR_BAD_CONFIGURATION: it cannot be enabled before it has its data.
---@param guid string of the method
---@param enabled boolean
---@return true? ok
---@return string? message
---@return string? code
function port:enable_routing_method(guid, enabled) end

---FaxGetRoutingInfo (right FAX_PORT_QUERY). The private data of a method for the port; that of the folder method is a path with its NUL. ERROR_INVALID_DATA: no such method.
---@param guid string of the method
---@return string? bytes
---@return string? message
---@return string? code
function port:routing_info(guid) end

---FaxSetRoutingInfo (right FAX_PORT_SET; opened for "modify"). Replaces it. ERROR_INVALID_DATA: no such method, or data that it cannot use.
---@param guid string of the method
---@param bytes string
---@return true? ok
---@return string? message
---@return string? code
function port:set_routing_info(guid, bytes) end

---FaxSetRoutingInfo and FaxEnableRoutingMethod of the folder method: what the port receives is stored in that folder, too.
---@param path string|false false: no more
---@return true? ok
---@return string? message
---@return string? code
function port:route_to_folder(path) end

---FaxClose. Does nothing the second time.
function port:close() end

---@return boolean
function port:closed() end
