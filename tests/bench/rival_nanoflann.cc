// nanoflann's KD-tree, one a category, over longitude and latitude in double precision. Distances
// are measured in the plane that touches the ellipsoid at the query (two multiplications a point),
// which is what serves it best here: on the sphere in three dimensions, or in single precision, it
// is slower or wrong by metres. The search is bounded by the radius from the start: the worst of
// the ten begins there. Points of a category are gathered into an array of their own, and the leaf
// size is the quickest of 4 to 32 on this machine. It is shown twice: with the points in the order
// in which they came, as it is commonly used, and with the points laid out in the order of the
// tree, which the library does not do by itself.
#include "tests/bench/rivals.h"

#include <array>
#include <cmath>
#include <memory>
#include <nanoflann.hpp>
#include <vector>

namespace
{

constexpr size_t leaf_size = 8;

struct Cloud {
    std::vector<std::array<double, 2>> points;
    std::vector<uint32_t> numbers;
    double scale[2] = {1, 1}; // metres a degree where is being asked

    size_t kdtree_get_point_count() const
    {
        return points.size();
    }
    double kdtree_get_pt(size_t i, size_t axis) const
    {
        return points[i][axis];
    }
    template <class Box> bool kdtree_get_bbox(Box &) const
    {
        return false;
    }
};

// Squares of metres in the plane of the query.
struct Metric {
    using ElementType = double;
    using DistanceType = double;
    const Cloud &cloud;
    explicit Metric(const Cloud &c) : cloud(c) {}
    double evalMetric(const double *a, size_t b, size_t) const
    {
        const std::array<double, 2> &p = cloud.points[b];
        double x = (a[0] - p[0]) * cloud.scale[0], y = (a[1] - p[1]) * cloud.scale[1];
        return x * x + y * y;
    }
    template <class A, class B> double accum_dist(A a, B b, size_t axis) const
    {
        double d = (a - b) * cloud.scale[axis];
        return d * d;
    }
};

using Tree = nanoflann::KDTreeSingleIndexAdaptor<Metric, Cloud, 2, uint32_t>;

struct Group {
    Cloud cloud;
    std::unique_ptr<Tree> tree;
};

struct Rival {
    Group groups[RIVAL_CATEGORIES];
};

void plant(Group &group)
{
    group.tree = std::make_unique<Tree>(2, group.cloud,
                                        nanoflann::KDTreeSingleIndexAdaptorParams(leaf_size));
}

void lay_out(Group &group)
{
    Cloud cloud;
    for (uint32_t i : group.tree->vAcc) {
        cloud.points.push_back(group.cloud.points[i]);
        cloud.numbers.push_back(group.cloud.numbers[i]);
    }
    group.tree.reset();
    group.cloud = std::move(cloud);
    plant(group);
}

Rival *make(const rival_points *points)
{
    auto *self = new Rival;
    for (uint32_t i = 0; i < points->count; i++) {
        Cloud &cloud = self->groups[points->categories[i]].cloud;
        cloud.points.push_back({points->at[i].lon, points->at[i].lat});
        cloud.numbers.push_back(i);
    }
    for (Group &group : self->groups)
        plant(group);
    return self;
}

void *make_plain(const rival_points *points)
{
    return make(points);
}

void *make_laid_out(const rival_points *points)
{
    Rival *self = make(points);
    for (Group &group : self->groups)
        lay_out(group);
    return self;
}

void set_scale(Cloud &cloud, double lat)
{
    const double radian = M_PI / 180, a = 6378137, e2 = 0.0066943799901413165;
    double s = std::sin(lat * radian), w = std::sqrt(1 - e2 * s * s);
    cloud.scale[0] = a / w * std::cos(lat * radian) * radian;
    cloud.scale[1] = a * (1 - e2) / (w * w * w) * radian;
}

uint32_t find(void *user, const rival_query *query, uint32_t found[RIVAL_LIMIT])
{
    Group &group = static_cast<Rival *>(user)->groups[query->category];
    double squares[RIVAL_LIMIT];
    const double at[2] = {query->at.lon, query->at.lat};
    set_scale(group.cloud, query->at.lat);
    nanoflann::KNNResultSet<double, uint32_t> result(RIVAL_LIMIT);
    result.init(found, squares);
    squares[RIVAL_LIMIT - 1] = query->radius_m * query->radius_m;
    group.tree->findNeighbors(result, at, nanoflann::SearchParams());
    return static_cast<uint32_t>(result.size());
}

uint32_t number(void *self, unsigned category, uint32_t found)
{
    return static_cast<Rival *>(self)->groups[category].cloud.numbers[found];
}

void drop(void *self)
{
    delete static_cast<Rival *>(self);
}

} // namespace

extern "C" const rival rival_nanoflann = {"nanoflann", make_plain, find, number, drop};
extern "C" const rival rival_nanoflann_laid_out = {"nanoflann, laid out", make_laid_out, find,
                                                   number, drop};
