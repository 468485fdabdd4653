/* The house's headers are C: what C++ finds odd in them is none of their business. */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wpedantic"
#pragma GCC diagnostic ignored "-Wshadow"
extern "C" {
#include "data/osm_file.h"
#include "data/osm_format.h"
#include "geo/base/file.h"
#include "geo/space/surface.h"
}
#pragma GCC diagnostic pop

#include <osmium/area/assembler.hpp>
#include <osmium/geom/wkb.hpp>
#include <osmium/handler/node_locations_for_ways.hpp>
#include <osmium/index/id_set.hpp>
#include <osmium/index/map/flex_mem.hpp>
#include <osmium/io/bzip2_compression.hpp>
#include <osmium/io/gzip_compression.hpp>
#include <osmium/io/pbf_input.hpp>
#include <osmium/io/pbf_output.hpp>
#include <osmium/io/reader.hpp>
#include <osmium/io/writer.hpp>
#include <osmium/io/xml_input.hpp>

#include <algorithm>
#include <cstring>
#include <memory>
#include <string>
#include <vector>

namespace
{

using osmium::memory::Buffer;
using Index = osmium::index::map::FlexMem<osmium::unsigned_object_id_type, osmium::Location>;
using Locations = osmium::handler::NodeLocationsForWays<Index, Index>;

/* Thrown to leave a reading early with an error that is told already. */
struct Stopped {
    enum err e;
};

void check(enum err e)
{
    if (e) throw Stopped{e};
}

/* Whether a message of libosmium, which has no codes for it, says that data ended too early. */
bool tells_end(const char *message)
{
    return std::strstr(message, "truncated") || std::strstr(message, "EOF") ||
           std::strstr(message, "unexpected end");
}

enum err damaged(struct why *why, const char *path, bool ended, const char *message)
{
    if (ended) return err_say(why, ERR_TRUNCATED, "%s ends too early: %s", path, message);
    return err_say(why, ERR_FORMAT, "%s cannot be read: %s", path, message);
}

bool ended(const osmium::xml_error &error)
{
    return error.error_code == XML_ERROR_NO_ELEMENTS ||
           error.error_code == XML_ERROR_UNCLOSED_TOKEN ||
           error.error_code == XML_ERROR_PARTIAL_CHAR;
}

/* Runs `work`; no exception leaves it. */
template <class Work> enum err guarded(const char *path, struct why *why, const Work &work) noexcept
{
    try {
        work();
        return ERR_OK;
    } catch (const Stopped &stopped) {
        return stopped.e;
    } catch (const osmium::xml_error &error) {
        return damaged(why, path, ended(error), error.what());
    } catch (const osmium::gzip_error &error) {
        return damaged(why, path, error.gzip_error_code == Z_BUF_ERROR, error.what());
    } catch (const osmium::bzip2_error &error) {
        return damaged(why, path, error.bzip2_error_code == BZ_UNEXPECTED_EOF, error.what());
    } catch (const std::system_error &error) {
        return err_say(why, err_from_errno(error.code().value()), "%s: %s", path, error.what());
    } catch (const std::bad_alloc &) {
        return err_say(why, ERR_NOMEM, "no memory to read %s", path);
    } catch (const std::exception &error) {
        return damaged(why, path, tells_end(error.what()), error.what());
    } catch (...) {
        return err_say(why, ERR_FORMAT, "%s cannot be read", path);
    }
}

/* One file that is read several times, once for each kind of object. */
class Source
{
    const struct progress *m_progress;
    osmium::thread::Pool m_pool;
    osmium::io::File m_file;

    static osmium::io::File find(const char *path, struct why *why)
    {
        char absolute[PATH_MAX];
        const char *format;
        check(osm_format_find(path, &format, absolute, why));
        return osmium::io::File{absolute, format};
    }

  public:
    Source(const char *path, const struct progress *progress, struct why *why)
        : m_progress(progress), m_file(find(path, why))
    {
    }

    osmium::thread::Pool &pool()
    {
        return m_pool;
    }

    osmium::io::Header header()
    {
        osmium::io::Reader reader{m_file, m_pool, osmium::osm_entity_bits::nothing};
        osmium::io::Header header = reader.header();
        reader.close();
        return header;
    }

    /* Calls `visit` with every object of type T. */
    template <class T, class Visit> void each(const char *stage, const Visit &visit)
    {
        const auto bits = osmium::osm_entity_bits::from_item_type(T::itemtype);
        osmium::io::Reader reader{m_file, m_pool, bits, osmium::io::read_meta::no};
        while (Buffer buffer = reader.read()) {
            if (!progress_say(m_progress, stage, reader.offset(), reader.file_size()))
                throw Stopped{ERR_CANCELLED};
            for (T &object : buffer.select<T>()) {
                const osmium::TagList &tags = object.tags();
                if (!osm_format_pairs(tags.data() + sizeof tags, tags.byte_size() - sizeof tags))
                    throw std::runtime_error{"a tag holds a NUL byte"};
                if (object.visible()) visit(object);
            }
        }
        reader.close();
    }
};

/* libosmium's objects as the sink's plain ones, one object at a time. */
class Giver
{
    const struct osm_sink &m_sink;
    std::vector<struct osm_tag> m_tags;
    std::vector<int64_t> m_refs;
    std::vector<struct coord> m_coords;
    std::vector<struct osm_member> m_members;
    std::vector<size_t> m_starts;
    osmium::geom::WKBFactory<> m_wkb{osmium::geom::wkb_type::wkb, osmium::geom::out_type::binary};

    void give_stretch(const osmium::Way &way, const struct osm_tags &tags)
    {
        const struct osm_way out = {way.id(), m_refs.data(), m_coords.data(), m_refs.size(), tags};
        if (m_refs.size() >= 2) check(m_sink.way(m_sink.user, &out));
        m_refs.clear();
        m_coords.clear();
    }

    void add_ring(const osmium::NodeRefList &ring)
    {
        for (const auto &ref : ring)
            m_coords.push_back({ref.location().lon(), ref.location().lat()});
        m_starts.push_back(m_coords.size());
    }

    struct coord inside(const osmium::Area &area)
    {
        m_coords.clear();
        m_starts.assign(1, 0);
        for (const auto &outer : area.outer_rings()) {
            add_ring(outer);
            for (const auto &inner : area.inner_rings(outer))
                add_ring(inner);
        }
        const struct coord at =
            surface_point(m_coords.data(), m_starts.data(), m_starts.size() - 1);
        m_coords.clear();
        return at;
    }

  public:
    explicit Giver(const struct osm_sink &sink) : m_sink(sink) {}

    struct osm_tags tags(const osmium::TagList &list)
    {
        m_tags.clear();
        for (const auto &tag : list)
            m_tags.push_back({tag.key(), tag.value()});
        return {m_tags.data(), m_tags.size()};
    }

    bool wants_area(const osmium::TagList &list)
    {
        const struct osm_tags plain = tags(list);
        return !m_sink.want_area || m_sink.want_area(m_sink.user, &plain);
    }

    void give(const osmium::Node &node)
    {
        const struct osm_node out = {
            node.id(), {node.location().lon(), node.location().lat()}, tags(node.tags())};
        check(m_sink.node(m_sink.user, &out));
    }

    void give(const osmium::Way &way)
    {
        const struct osm_tags plain = tags(way.tags());
        for (const auto &ref : way.nodes()) {
            if (!ref.location().valid()) {
                give_stretch(way, plain);
                continue;
            }
            m_refs.push_back(ref.ref());
            m_coords.push_back({ref.location().lon(), ref.location().lat()});
        }
        give_stretch(way, plain);
    }

    void give(const osmium::Area &area)
    {
        const std::string wkb = m_wkb.create_multipolygon(area);
        struct osm_area out = {};
        out.id = area.orig_id();
        out.from_way = area.from_way();
        out.wkb = reinterpret_cast<const unsigned char *>(wkb.data());
        out.wkb_len = wkb.size();
        out.inside = inside(area);
        out.tags = tags(area.tags());
        check(m_sink.area(m_sink.user, &out));
    }

    void give(const osmium::Relation &relation)
    {
        m_members.clear();
        for (const auto &member : relation.members())
            m_members.push_back(
                {osmium::item_type_to_char(member.type()), member.ref(), member.role()});
        const struct osm_relation out = {relation.id(), m_members.data(), m_members.size(),
                                         tags(relation.tags())};
        check(m_sink.relation(m_sink.user, &out));
    }
};

/* Assembles areas: relations are kept first, then the ways they need, and both joined at the end.
 */
class Areas
{
    using Id = std::pair<osmium::object_id_type, size_t>; /* and the offset of its way in m_ways */
    Buffer m_relations{1 << 16, Buffer::auto_grow::yes};
    Buffer m_ways{1 << 16, Buffer::auto_grow::yes};
    Buffer m_made{1 << 16, Buffer::auto_grow::yes};
    std::vector<osmium::object_id_type> m_wanted; /* ways of the relations; sorted by prepare */
    std::vector<Id> m_found;
    osmium::area::AssemblerConfig m_config;
    struct osm_stats &m_stats;

    template <class... Parts> void assemble(const Parts &...parts)
    {
        const size_t before = m_made.committed();
        try {
            osmium::area::Assembler assembler{m_config};
            (void)assembler(parts..., m_made);
        } catch (const osmium::invalid_location &) {
            m_made.rollback();
        }
        if (m_made.committed() == before) m_stats.areas_invalid++;
    }

    const osmium::Way *find(osmium::object_id_type id) const
    {
        auto at = std::lower_bound(m_found.begin(), m_found.end(), Id{id, 0});
        if (at == m_found.end() || at->first != id) return nullptr;
        return &m_ways.get<osmium::Way>(at->second);
    }

  public:
    explicit Areas(struct osm_stats &stats) : m_stats(stats)
    {
        m_config.create_empty_areas = false;
    }

    static bool is_candidate(const osmium::Relation &relation)
    {
        const char *type = relation.tags()["type"];
        return type && (!std::strcmp(type, "multipolygon") || !std::strcmp(type, "boundary"));
    }

    static bool is_candidate(const osmium::Way &way)
    {
        return way.nodes().size() >= 4 && way.is_closed() && !way.tags().has_tag("area", "no");
    }

    void keep(const osmium::Relation &relation)
    {
        m_relations.add_item(relation);
        /* The assembler passes over members whose number is 0. */
        for (auto &member : m_relations.get<osmium::Relation>(m_relations.committed()).members()) {
            if (member.type() == osmium::item_type::way)
                m_wanted.push_back(member.ref());
            else
                member.set_ref(0);
        }
        m_relations.commit();
    }

    void prepare()
    {
        std::sort(m_wanted.begin(), m_wanted.end());
    }

    void keep_if_wanted(const osmium::Way &way)
    {
        if (!std::binary_search(m_wanted.begin(), m_wanted.end(), way.id())) return;
        m_ways.add_item(way);
        m_found.emplace_back(way.id(), m_ways.commit());
    }

    void make(const osmium::Way &way)
    {
        assemble(way);
    }

    void make_relations()
    {
        std::sort(m_found.begin(), m_found.end());
        for (const auto &relation : m_relations.select<osmium::Relation>()) {
            std::vector<const osmium::Way *> ways;
            for (const auto &member : relation.members())
                if (member.ref() != 0) ways.push_back(find(member.ref()));
            if (ways.empty() || std::find(ways.begin(), ways.end(), nullptr) != ways.end())
                m_stats.areas_invalid++;
            else
                assemble(relation, ways);
        }
    }

    void give(Giver &giver)
    {
        for (const auto &area : m_made.select<osmium::Area>()) {
            m_stats.areas++;
            giver.give(area);
        }
    }
};

void read_nodes(Source &source, const struct osm_sink &sink, Giver &giver, Locations &locations,
                struct osm_stats &stats)
{
    source.each<osmium::Node>("nodes", [&](osmium::Node &node) {
        stats.nodes++;
        if (!node.location().valid()) return;
        locations.node(node);
        if (sink.node && !node.tags().empty()) giver.give(node);
    });
}

void read_way(osmium::Way &way, const struct osm_sink &sink, Giver &giver, Areas &areas,
              struct osm_stats &stats)
{
    stats.ways++;
    for (const auto &ref : way.nodes())
        if (!ref.location().valid()) {
            stats.ways_incomplete++;
            break;
        }
    if (sink.way && !way.tags().empty()) giver.give(way);
    if (!sink.area) return;
    areas.keep_if_wanted(way);
    if (!way.tags().empty() && Areas::is_candidate(way) && giver.wants_area(way.tags()))
        areas.make(way);
}

void copy_timestamp(const osmium::io::Header &header, struct osm_stats &stats)
{
    std::string text = header.get("osmosis_replication_timestamp");
    if (text.empty()) text = header.get("timestamp");
    if (text.size() < sizeof stats.timestamp)
        std::memcpy(stats.timestamp, text.c_str(), text.size() + 1);
}

void read_all(const char *path, const struct osm_sink &sink, const struct progress *progress,
              struct osm_stats &stats, struct why *why)
{
    Source source{path, progress, why};
    Giver giver{sink};
    Areas areas{stats};
    Index positive, negative;
    Locations locations{positive, negative};
    locations.ignore_errors();
    copy_timestamp(source.header(), stats);
    if (sink.area)
        source.each<osmium::Relation>("outlines", [&](osmium::Relation &relation) {
            if (Areas::is_candidate(relation) && giver.wants_area(relation.tags()))
                areas.keep(relation);
        });
    areas.prepare();
    if (sink.node || sink.way || sink.area) read_nodes(source, sink, giver, locations, stats);
    if (sink.way || sink.area)
        source.each<osmium::Way>("ways", [&](osmium::Way &way) {
            locations.way(way);
            read_way(way, sink, giver, areas, stats);
        });
    areas.make_relations();
    if (sink.area) areas.give(giver);
    source.each<osmium::Relation>("relations", [&](const osmium::Relation &relation) {
        stats.relations++;
        if (sink.relation) giver.give(relation);
    });
}

bool is_road(const osmium::Way &way)
{
    return way.tags().has_key("highway") || way.tags().has_tag("route", "ferry");
}

bool is_restriction(const osmium::Relation &relation)
{
    const char *type = relation.tags()["type"];
    return type && (!std::strcmp(type, "restriction") || !std::strncmp(type, "restriction:", 12));
}

/* The copy's header: nothing in it depends on the day or on this program's version. */
osmium::io::Header copied_header(const osmium::io::Header &from)
{
    osmium::io::Header header;
    for (const auto &box : from.boxes())
        header.add_box(box);
    header.set("generator", "yizhan");
    for (const char *key : {"osmosis_replication_timestamp", "timestamp", "sorting"})
        if (!from.get(key).empty()) header.set(key, from.get(key));
    return header;
}

void copy_roads(Source &source, osmium::io::Writer &writer)
{
    osmium::index::IdSetSmall<osmium::object_id_type> needed;
    source.each<osmium::Way>("roads", [&](const osmium::Way &way) {
        if (!is_road(way)) return;
        for (const auto &ref : way.nodes())
            needed.set(ref.ref());
    });
    needed.sort_unique();
    source.each<osmium::Node>("road nodes", [&](const osmium::Node &node) {
        if (node.location().valid() && needed.get_binary_search(node.id())) writer(node);
    });
    source.each<osmium::Way>("road ways", [&](const osmium::Way &way) {
        if (is_road(way)) writer(way);
    });
    source.each<osmium::Relation>("turn restrictions", [&](const osmium::Relation &relation) {
        if (is_restriction(relation)) writer(relation);
    });
}

void extract(const char *path, const char *to, const struct progress *progress, struct why *why)
{
    Source source{path, progress, why};
    const osmium::io::Header header = copied_header(source.header());
    struct file_out *created;
    check(file_create(to, &created, why));
    std::unique_ptr<struct file_out, void (*)(struct file_out *)> output{created, file_abandon};
    osmium::io::Writer writer{
        osmium::io::File{file_temporary(created), "osm.pbf,add_metadata=false"}, header,
        osmium::io::overwrite::allow, source.pool()};
    copy_roads(source, writer);
    writer.close();
    check(file_commit(output.release(), why));
}

} // namespace

const char *osm_tags_get(const struct osm_tags *tags, const char *key)
{
    for (size_t i = 0; i < tags->count; i++)
        if (std::strcmp(tags->items[i].key, key) == 0) return tags->items[i].value;
    return nullptr;
}

enum err osm_file_read(const char *path, const struct osm_sink *sink,
                       const struct progress *progress, struct osm_stats *stats, struct why *why)
{
    struct osm_stats counted = {};
    const enum err e = guarded(path, why, [&] { read_all(path, *sink, progress, counted, why); });
    if (!e) *stats = counted;
    return e;
}

enum err osm_file_extract_roads(const char *path, const char *to, const struct progress *progress,
                                struct why *why)
{
    return guarded(path, why, [&] { extract(path, to, progress, why); });
}
