-- SPDX-License-Identifier: MIT
-- JSON as the site says and hears it: what it says is fax.resty's.

local cjson = require "cjson.safe"
local resty = require "fax.resty"

return { encode = resty.json, list = resty.list, decode = cjson.decode, null = cjson.null }
