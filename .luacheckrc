-- Shared code keeps to what Lua 5.4 and LuaJIT both have.
std = "min"
max_line_length = 100
include_files = { "lua", "fsp/**/*.lua", "spec/*.lua", "spec/browser/*.lua", "spec/soak/*.lua",
  "spec/support/*.lua", "examples/*.lua", "examples/openresty/**/*.lua", "docs/*.lua",
  "*.rockspec" }
exclude_files = { "lua_modules" }
cache = false

-- Both names are looked up, one is there.
files["lua/fax/task.lua"] = { globals = { "unpack", "table.unpack" } }
files["lua/fax/meta"] = { ignore = { "" } }
files["lua/bin/faxctl"] = { std = "min" }
files["lua/bin/faxd"] = { std = "min" }
-- Its globals are the settings.
files["examples/service/faxd.lua"] = { allow_defined_top = true, ignore = { "131" } }
files["spec"] = { std = "min+busted" }
files["*.rockspec"] = { std = "rockspec" }
-- Within nginx, that is with LuaJIT.
files["lua/fax/resty.lua"] = { std = "min+ngx_lua" }
files["lua/fax/resty"] = { std = "luajit+ngx_lua" }
files["examples/openresty/site"] = { std = "luajit+ngx_lua", globals = { "site" } }
files["examples/openresty/*.lua"] = { std = "lua54" }
