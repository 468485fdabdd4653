-- What the base map shows of OpenStreetMap, for tilemaker (2.2, Debian's): water, land use, buildings, railways, and the
-- names of streets, places and well-known spots. Roads, areas and places of the service itself are not in here: the server
-- draws them from what it holds. The layers are told in docs/tiles.md; config.json gives their zooms.
--
-- Edit freely; the next scripts/run makes the base map anew.

node_keys = { "place", "amenity", "shop", "tourism", "railway", "office", "leisure", "public_transport", "station" }

-- Tag by tag, the first that fits; "*" stands for any value. { key, value, class, zoom }.
local water = {
  { "natural", "water", "lake", 6 },
  { "waterway", "riverbank", "river", 6 },
  { "waterway", "dock", "dock", 12 },
  { "landuse", "reservoir", "lake", 6 },
  { "landuse", "basin", "basin", 12 },
  { "leisure", "swimming_pool", "pool", 14 },
}
local waterways = {
  { "waterway", "river", "river", 8 },
  { "waterway", "canal", "canal", 10 },
  { "waterway", "stream", "stream", 13 },
  { "waterway", "ditch", "ditch", 14 },
  { "waterway", "drain", "ditch", 14 },
  { "natural", "coastline", "coastline", 6 },
}
local land = {
  { "landuse", "forest", "wood", 8 },
  { "natural", "wood", "wood", 8 },
  { "natural", "wetland", "wetland", 9 },
  { "natural", "beach", "sand", 11 },
  { "natural", "sand", "sand", 11 },
  { "natural", "scrub", "grass", 11 },
  { "natural", "grassland", "grass", 11 },
  { "leisure", "park", "park", 10 },
  { "leisure", "garden", "park", 13 },
  { "leisure", "nature_reserve", "park", 9 },
  { "leisure", "golf_course", "park", 11 },
  { "leisure", "pitch", "pitch", 14 },
  { "leisure", "playground", "pitch", 14 },
  { "leisure", "stadium", "pitch", 13 },
  { "leisure", "sports_centre", "pitch", 13 },
  { "landuse", "grass", "grass", 12 },
  { "landuse", "meadow", "grass", 11 },
  { "landuse", "village_green", "grass", 12 },
  { "landuse", "recreation_ground", "park", 11 },
  { "landuse", "cemetery", "cemetery", 11 },
  { "landuse", "farmland", "farmland", 9 },
  { "landuse", "orchard", "farmland", 10 },
  { "landuse", "residential", "residential", 9 },
  { "landuse", "commercial", "commercial", 10 },
  { "landuse", "retail", "commercial", 10 },
  { "landuse", "industrial", "industrial", 9 },
  { "landuse", "railway", "industrial", 11 },
  { "landuse", "construction", "industrial", 12 },
  { "landuse", "military", "military", 10 },
  { "aeroway", "aerodrome", "aerodrome", 10 },
  { "amenity", "school", "school", 12 },
  { "amenity", "university", "school", 11 },
  { "amenity", "college", "school", 12 },
  { "amenity", "kindergarten", "school", 13 },
  { "amenity", "hospital", "hospital", 12 },
  { "amenity", "parking", "parking", 14 },
}
local rails = {
  { "railway", "rail", "rail", 9 },
  { "railway", "subway", "subway", 12 },
  { "railway", "light_rail", "subway", 11 },
  { "railway", "tram", "tram", 13 },
}
local settlements = {
  { "place", "city", "city", 4 },
  { "place", "town", "town", 7 },
  { "place", "suburb", "suburb", 11 },
  { "place", "quarter", "quarter", 12 },
  { "place", "neighbourhood", "quarter", 13 },
  { "place", "village", "village", 11 },
  { "place", "hamlet", "hamlet", 13 },
  { "place", "island", "island", 9 },
}
-- By rank: the first are named first where there is no room for all.
local spots = {
  { "aeroway", "aerodrome", "airport", 10, 1 },
  { "railway", "station", "station", 12, 1 },
  { "railway", "halt", "station", 13, 2 },
  { "public_transport", "station", "station", 12, 1 },
  { "railway", "subway_entrance", "subway_entrance", 14, 5 },
  { "amenity", "hospital", "hospital", 13, 2 },
  { "amenity", "university", "school", 13, 2 },
  { "amenity", "townhall", "townhall", 13, 3 },
  { "amenity", "police", "police", 14, 3 },
  { "leisure", "park", "park", 13, 3 },
  { "leisure", "stadium", "stadium", 13, 3 },
  { "shop", "mall", "mall", 13, 3 },
  { "shop", "department_store", "mall", 14, 4 },
  { "tourism", "museum", "museum", 14, 4 },
  { "tourism", "attraction", "attraction", 14, 4 },
  { "amenity", "bus_station", "bus_station", 13, 3 },
  { "amenity", "school", "school", 14, 4 },
  { "amenity", "college", "school", 14, 4 },
  { "amenity", "marketplace", "market", 14, 4 },
  { "amenity", "post_office", "post_office", 14, 5 },
  { "amenity", "bank", "bank", 14, 6 },
  { "shop", "supermarket", "supermarket", 14, 5 },
  { "office", "government", "townhall", 14, 4 },
  { "tourism", "hotel", "hotel", 14, 6 },
}
-- Streets by class: from which zoom their names are wanted.
local streets = {
  motorway = 11, trunk = 11, primary = 12, secondary = 13, tertiary = 13, unclassified = 14, residential = 14,
  living_street = 14, pedestrian = 14, service = 14, footway = 14, cycleway = 14, path = 14, track = 14,
}

-- What an area must measure in square metres to be seen from a zoom: about two pixels by two of a 512 pixel tile at the equator.
local function zoom_of_size(square_metres, at_least)
  local zoom = 14
  while zoom > at_least and square_metres > (2 * 78271.5 / 2 ^ (zoom - 1)) ^ 2 do zoom = zoom - 1 end
  return zoom
end

local function first_that_fits(object, rules)
  for _, rule in ipairs(rules) do
    local value = object:Find(rule[1])
    if value ~= "" and (rule[2] == "*" or rule[2] == value) then return rule end
  end
end

-- Chinese first, as it is everywhere here; English beside it where there is one.
local function first_name(object, keys)
  for _, key in ipairs(keys) do
    local name = object:Find(key)
    if name ~= "" then return name end
  end
  return ""
end

local function put_names(object)
  local name = first_name(object, { "name:zh-Hans", "name:zh", "name" })
  local english = first_name(object, { "name:en", "int_name" })
  if name ~= "" then object:Attribute("name", name) end
  if english ~= "" and english ~= name then object:Attribute("name_en", english) end
end

local function is_named(object)
  return object:Holds("name") or object:Holds("name:zh") or object:Holds("name:zh-Hans") or object:Holds("name:en")
end

local function put_point(object, layer, rule, as_centroid)
  if as_centroid then object:LayerAsCentroid(layer) else object:Layer(layer, false) end
  object:Attribute("class", rule[3])
  object:MinZoom(rule[4])
  put_names(object)
  if rule[5] then object:AttributeNumeric("rank", rule[5]) end
end

local function put_named(object, as_centroid)
  if not is_named(object) then return end
  local settlement, spot = first_that_fits(object, settlements), first_that_fits(object, spots)
  if settlement then put_point(object, "place_name", settlement, as_centroid) end
  if spot then put_point(object, "poi", spot, as_centroid) end
end

local function put_area(way, layer, rule)
  way:Layer(layer, true)
  way:Attribute("class", rule[3])
  way:MinZoom(zoom_of_size(way:Area(), rule[4]))
end

local function put_line(way, layer, rule)
  way:Layer(layer, false)
  way:Attribute("class", rule[3])
  way:MinZoom(rule[4])
end

local function hidden(way)
  return way:Find("tunnel") == "yes" or way:Find("tunnel") == "culvert" or way:Find("covered") == "yes"
end

local function put_street(way)
  local highway = way:Find("highway")
  local class = highway:gsub("_link$", "")
  if not streets[class] or not is_named(way) or way:Find("area") == "yes" then return end
  way:Layer("street_name", false)
  way:Attribute("class", class)
  way:MinZoom(streets[class])
  put_names(way)
end

function init_function() end
function exit_function() end

function node_function(node)
  put_named(node, false)
end

function way_function(way)
  if way:IsClosed() then
    local wet, ground = first_that_fits(way, water), first_that_fits(way, land)
    if wet then put_area(way, "water", wet) end
    if ground then put_area(way, "landuse", ground) end
    if way:Holds("building") and way:Find("building") ~= "no" then
      way:Layer("building", true)
      way:MinZoom(13)
    end
    put_named(way, true)
    if wet and wet[3] == "lake" and is_named(way) then put_point(way, "water_name", { nil, nil, "lake", 12 }, true) end
  end
  local river, rail = first_that_fits(way, waterways), first_that_fits(way, rails)
  if river and not hidden(way) then
    put_line(way, "waterway", river)
    put_names(way)
  end
  if rail and not hidden(way) and way:Find("service") == "" then put_line(way, "rail", rail) end
  put_street(way)
end
