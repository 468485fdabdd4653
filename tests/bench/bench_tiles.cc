/* A large network from a real one: an extract cut to a box, and copies of it side by side, each the
 * mirror image of its neighbours, so that a road cut at the border goes on in the next copy.
 *
 *   bench_tiles ROADS.osm.pbf MIN_LON,MIN_LAT,MAX_LON,MAX_LAT ACROSS TILED.osm.pbf [HIGHWAYS]
 *
 * A way is cut where it leaves the box, at a new node that stands on the border and that both
 * copies share, if its highway is one of HIGHWAYS (separated by commas; every one where none are
 * given); any other ends there: between the cities of a country only main roads go on. A mirror
 * image has its ways turned round too: traffic then still keeps to the right and a one-way street
 * that leaves one copy enters the next. Relations are not copied. The same input makes the same
 * file. */
#include <osmium/builder/osm_object_builder.hpp>
#include <osmium/io/pbf_input.hpp>
#include <osmium/io/pbf_output.hpp>
#include <osmium/io/reader.hpp>
#include <osmium/io/writer.hpp>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace
{

using osmium::memory::Buffer;
using Id = osmium::object_id_type;
using Tags = std::vector<std::pair<std::string, std::string>>;

struct Point {
    double lon, lat;
};
struct Box {
    Point min, max;
};
struct Node {
    Point at;
    Tags tags;
    bool used = false;
};
enum class Side { west, east, south, north };
struct Cut { /* where a way meets the border */
    Point at;
    Side side;
    bool joined; /* goes on in the next copy */
};
/* A node, or ~index of a cut. */
using Ref = int64_t;
struct Way {
    std::vector<Ref> refs;
    Tags tags;
};

Tags tags_of(const osmium::OSMObject &object)
{
    Tags tags;
    for (const auto &tag : object.tags())
        tags.emplace_back(tag.key(), tag.value());
    return tags;
}

/* The part of a straight segment inside a box (Y. Liang, B. Barsky, ACM TOG 3, 1984). */
class Clip
{
    bool narrow(double step, double room, Side side)
    {
        if (step == 0) return room >= 0;
        const double t = room / step;
        if (step < 0 && t > enter) enter = t, enter_side = side;
        if (step > 0 && t < leave) leave = t, leave_side = side;
        return enter < leave;
    }

  public:
    double enter = 0, leave = 1;
    Side enter_side = Side::west, leave_side = Side::west;
    bool inside;

    Clip(const Box &box, Point a, Point b)
        : inside(narrow(a.lon - b.lon, a.lon - box.min.lon, Side::west) &&
                 narrow(b.lon - a.lon, box.max.lon - a.lon, Side::east) &&
                 narrow(a.lat - b.lat, a.lat - box.min.lat, Side::south) &&
                 narrow(b.lat - a.lat, box.max.lat - a.lat, Side::north))
    {
    }
};

/* The extract, cut to the box. */
class City
{
    std::unordered_map<Id, size_t> m_index;
    const std::string m_joined; /* ",trunk,primary,", or nothing for all */

    bool joins(const Tags &tags) const
    {
        for (const auto &tag : tags)
            if (tag.first == "highway")
                return m_joined.empty() ||
                       m_joined.find(',' + tag.second + ',') != std::string::npos;
        return m_joined.empty();
    }

    Ref cut(Point a, Point b, double t, Side side, bool joined)
    {
        Point at{a.lon + t * (b.lon - a.lon), a.lat + t * (b.lat - a.lat)};
        if (side == Side::west) at.lon = box.min.lon;
        if (side == Side::east) at.lon = box.max.lon;
        if (side == Side::south) at.lat = box.min.lat;
        if (side == Side::north) at.lat = box.max.lat;
        cuts.push_back({at, side, joined});
        return ~static_cast<Ref>(cuts.size() - 1);
    }

    void end_run(Way &run)
    {
        if (run.refs.size() > 1) ways.push_back(run);
        run.refs.clear();
    }

    void add(const osmium::Way &way)
    {
        Way run{{}, tags_of(way)};
        const bool joined = joins(run.tags);
        const auto &refs = way.nodes();
        for (size_t i = 1; i < refs.size(); i++) {
            const size_t from = m_index.at(refs[i - 1].ref()), to = m_index.at(refs[i].ref());
            const Point a = nodes[from].at, b = nodes[to].at;
            const Clip clip{box, a, b};
            if (!clip.inside) {
                end_run(run);
                continue;
            }
            if (clip.enter > 0) end_run(run);
            if (run.refs.empty())
                run.refs.push_back(clip.enter > 0 ? cut(a, b, clip.enter, clip.enter_side, joined)
                                                  : static_cast<Ref>(from));
            run.refs.push_back(clip.leave < 1 ? cut(a, b, clip.leave, clip.leave_side, joined)
                                              : static_cast<Ref>(to));
            if (clip.leave < 1) end_run(run);
        }
        end_run(run);
    }

  public:
    Box box;
    std::vector<Node> nodes;
    std::vector<Cut> cuts;
    std::vector<Way> ways;

    City(const char *path, const Box &around, const std::string &joined)
        : m_joined(joined.empty() ? "" : ',' + joined + ','), box(around)
    {
        osmium::io::Reader reader{path, osmium::osm_entity_bits::nwr};
        while (const Buffer buffer = reader.read()) {
            for (const auto &node : buffer.select<osmium::Node>()) {
                m_index.emplace(node.id(), nodes.size());
                nodes.push_back({{node.location().lon(), node.location().lat()}, tags_of(node)});
            }
            for (const auto &way : buffer.select<osmium::Way>())
                add(way);
        }
        reader.close();
        for (const auto &way : ways)
            for (const Ref ref : way.refs)
                if (ref >= 0) nodes[static_cast<size_t>(ref)].used = true;
    }
};

/* Copies of a city, `across` by `across`. */
class Tiles
{
    const City &m_city;
    const int64_t m_across;
    osmium::io::Writer &m_writer;
    Buffer m_buffer{1 << 20, Buffer::auto_grow::yes};

    Point place(Point at, int64_t x, int64_t y) const
    {
        const Box &box = m_city.box;
        const double wide = box.max.lon - box.min.lon, high = box.max.lat - box.min.lat;
        const double u = at.lon - box.min.lon, v = at.lat - box.min.lat;
        return {box.min.lon + static_cast<double>(x) * wide + (x & 1 ? wide - u : u),
                box.min.lat + static_cast<double>(y) * high + (y & 1 ? high - v : v)};
    }

    Id node_id(size_t node, int64_t x, int64_t y) const
    {
        const auto count = static_cast<int64_t>(m_city.nodes.size());
        return 1 + (y * m_across + x) * count + static_cast<int64_t>(node);
    }

    /* Cuts are numbered by the line between two columns (rows) of copies that they stand on; those
     * that are not joined, behind them, by copy. */
    Id cut_id(size_t cut, int64_t x, int64_t y) const
    {
        const auto count = static_cast<int64_t>(m_city.cuts.size());
        const Id first = node_id(0, 0, m_across);
        if (!m_city.cuts[cut].joined)
            return first + ((m_across + 1 + y) * m_across + x) * count + static_cast<int64_t>(cut);
        const Side side = m_city.cuts[cut].side;
        const bool far = side == Side::east || side == Side::north;
        const bool vertical = side == Side::west || side == Side::east;
        const int64_t across = vertical ? x : y, along = vertical ? y : x;
        const int64_t line = far != ((across & 1) != 0) ? across + 1 : across;
        return first + (line * m_across + along) * count + static_cast<int64_t>(cut);
    }

    void flush(bool all)
    {
        m_buffer.commit();
        if (!all && m_buffer.committed() < (1 << 19)) return;
        m_writer(std::move(m_buffer));
        m_buffer = Buffer{1 << 20, Buffer::auto_grow::yes};
    }

    template <class Builder> static void add_tags(Builder &builder, const Tags &tags)
    {
        osmium::builder::TagListBuilder list{builder};
        for (const auto &tag : tags)
            list.add_tag(tag.first, tag.second);
    }

    void write_node(Id id, Point at, const Tags &tags)
    {
        {
            osmium::builder::NodeBuilder builder{m_buffer};
            builder.set_id(id).set_location(osmium::Location{at.lon, at.lat});
            if (!tags.empty()) add_tags(builder, tags);
        }
        flush(false);
    }

    void write_way(Id id, const Way &way, int64_t x, int64_t y)
    {
        std::vector<Id> refs;
        for (const Ref ref : way.refs)
            refs.push_back(ref < 0 ? cut_id(static_cast<size_t>(~ref), x, y)
                                   : node_id(static_cast<size_t>(ref), x, y));
        if ((x + y) & 1) std::reverse(refs.begin(), refs.end());
        {
            osmium::builder::WayBuilder builder{m_buffer};
            builder.set_id(id);
            {
                osmium::builder::WayNodeListBuilder list{builder};
                for (const Id ref : refs)
                    list.add_node_ref(ref);
            }
            add_tags(builder, way.tags);
        }
        flush(false);
    }

    template <class Visit> void each(const Visit &visit) const
    {
        for (int64_t y = 0; y < m_across; y++)
            for (int64_t x = 0; x < m_across; x++)
                visit(x, y);
    }

    void write_cuts()
    {
        std::vector<std::pair<Id, Point>> all;
        each([&](int64_t x, int64_t y) {
            for (size_t c = 0; c < m_city.cuts.size(); c++)
                all.emplace_back(cut_id(c, x, y), place(m_city.cuts[c].at, x, y));
        });
        std::sort(all.begin(), all.end(),
                  [](const auto &a, const auto &b) { return a.first < b.first; });
        for (size_t i = 0; i < all.size(); i++)
            if (i == 0 || all[i].first != all[i - 1].first)
                write_node(all[i].first, all[i].second, {});
    }

  public:
    Tiles(const City &city, int64_t across, osmium::io::Writer &writer)
        : m_city(city), m_across(across), m_writer(writer)
    {
    }

    void write()
    {
        each([&](int64_t x, int64_t y) {
            for (size_t n = 0; n < m_city.nodes.size(); n++)
                if (m_city.nodes[n].used)
                    write_node(node_id(n, x, y), place(m_city.nodes[n].at, x, y),
                               m_city.nodes[n].tags);
        });
        write_cuts();
        Id id = 1;
        each([&](int64_t x, int64_t y) {
            for (const auto &way : m_city.ways)
                write_way(id++, way, x, y);
        });
        flush(true);
    }
};

bool read_box(const char *text, Box &box)
{
    double *const numbers[] = {&box.min.lon, &box.min.lat, &box.max.lon, &box.max.lat};
    for (double *number : numbers) {
        char *end;
        *number = std::strtod(text, &end);
        if (end == text) return false;
        text = *end == ',' ? end + 1 : end;
    }
    return *text == '\0' && box.min.lon < box.max.lon && box.min.lat < box.max.lat;
}

} // namespace

int main(int argc, char **argv)
{
    Box box;
    const int64_t across = argc == 5 || argc == 6 ? std::strtol(argv[3], nullptr, 10) : 0;
    if (across < 1 || across > 100 || !read_box(argv[2], box)) {
        std::fprintf(stderr,
                     "usage: bench_tiles ROADS.osm.pbf BOX ACROSS TILED.osm.pbf [HIGHWAYS]\n");
        return 2;
    }
    try {
        const City city{argv[1], box, argc == 6 ? argv[5] : ""};
        osmium::io::Header header;
        header.set("generator", "yizhan");
        osmium::io::Writer writer{osmium::io::File{argv[4], "osm.pbf,add_metadata=false"}, header,
                                  osmium::io::overwrite::allow};
        Tiles{city, across, writer}.write();
        writer.close();
        const auto joined = std::count_if(city.cuts.begin(), city.cuts.end(),
                                          [](const Cut &cut) { return cut.joined; });
        std::printf("%zu stretches of ways, %zu cut ends, %d joined, %d x %d copies\n",
                    city.ways.size(), city.cuts.size(), static_cast<int>(joined),
                    static_cast<int>(across), static_cast<int>(across));
        return 0;
    } catch (const std::exception &error) {
        std::fprintf(stderr, "bench_tiles: %s\n", error.what());
        return 1;
    }
}
