#pragma once

#include "connectors/kubernetes/httproute/routeworld.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <array>

namespace pilothouse {

/// The parts of a RouteWorld, in its order.
enum class RoutePart { Services, Deployments, Pods, Routes };
inline constexpr std::array routeParts{RoutePart::Services, RoutePart::Deployments, RoutePart::Pods,
                                       RoutePart::Routes};

/// JSON with single quotes for double ones. Text that is none gives an empty object.
[[nodiscard]] inline QJsonObject parsed(QByteArray text)
{
    text.replace('\'', '"');
    return QJsonDocument::fromJson(text).object();
}

[[nodiscard]] inline QByteArray bytes(const QJsonObject &object)
{
    return QJsonDocument(object).toJson(QJsonDocument::Compact);
}

/// The commits of these tests.
[[nodiscard]] inline QString oldCommit()
{
    return QString(40, QLatin1Char('a'));
}
[[nodiscard]] inline QString newCommit()
{
    return QString(40, QLatin1Char('b'));
}

[[nodiscard]] inline QByteArray imageOf(const QString &commit)
{
    return "registry.test:5000/app:" + commit.toLatin1();
}

[[nodiscard]] inline QJsonObject serviceObject(const QByteArray &name, const QByteArray &track)
{
    return parsed("{'metadata': {'name': '" + name
                  + "', 'resourceVersion': '11'},"
                    " 'spec': {'selector': {'app': 'web', 'track': '"
                  + track + "'}}}");
}

[[nodiscard]] inline QJsonObject podObject(const QByteArray &name, const QByteArray &track,
                                           const QString &commit)
{
    return parsed("{'metadata': {'name': '" + name
                  + "', 'resourceVersion': '12',"
                    "   'labels': {'app': 'web', 'track': '"
                  + track
                  + "'}},"
                    " 'spec': {'containers': [{'name': 'app', 'image': '"
                  + imageOf(commit)
                  + "'}]},"
                    " 'status': {'phase': 'Running',"
                    "   'conditions': [{'type': 'Ready', 'status': 'True'}],"
                    "   'containerStatuses': [{'name': 'app', 'imageID':"
                    "     'registry.test/app@sha256:"
                  + commit.left(8).toLatin1() + "'}]}}");
}

[[nodiscard]] inline QJsonObject deploymentObject(const QByteArray &name, const QByteArray &track,
                                                  const QString &commit, int replicas)
{
    const QByteArray count = QByteArray::number(replicas);
    return parsed("{'metadata': {'name': '" + name
                  + "', 'generation': 4,"
                    "   'managedFields': ["
                    "     {'manager': 'helm', 'time': '2026-11-24T12:00:00Z',"
                    "      'fieldsV1': {'f:spec': {'f:template': {}}}},"
                    "     {'manager': 'autoscaler', 'time': '2026-11-24T13:00:00Z',"
                    "      'fieldsV1': {'f:spec': {'f:replicas': {}}}}]},"
                    " 'spec': {'replicas': "
                  + count
                  + ", 'template': {"
                    "   'metadata': {'labels': {'app': 'web', 'track': '"
                  + track
                  + "'}},"
                    "   'spec': {'containers': [{'name': 'app', 'image': '"
                  + imageOf(commit)
                  + "'}]}}},"
                    " 'status': {'observedGeneration': 4, 'replicas': "
                  + count + ", 'updatedReplicas': " + count + ", 'readyReplicas': " + count + "}}");
}

/// Two backends, "stable" and "candidate", accepted by one Gateway. With `rules`, those instead.
[[nodiscard]] inline QJsonObject routeObject(int stable, int candidate,
                                             const QByteArray &version = "81723")
{
    return parsed(
        "{'metadata': {'name': 'web', 'namespace': 'production', 'uid': 'u1',"
        "   'resourceVersion': '"
        + version
        + "', 'generation': 7,"
          "   'managedFields': [{'manager': 'kubectl-edit', 'time': '2026-11-24T13:20:00Z',"
          "     'fieldsV1': {'f:spec': {'f:rules': {}}}}]},"
          " 'spec': {'parentRefs': [{'name': 'public'}], 'rules': [{'backendRefs': ["
          "   {'name': 'stable', 'port': 80, 'weight': "
        + QByteArray::number(stable)
        + "},"
          "   {'name': 'candidate', 'port': 80, 'weight': "
        + QByteArray::number(candidate)
        + "}]}]},"
          " 'status': {'parents': [{'conditions': ["
          "   {'type': 'Accepted', 'status': 'True', 'observedGeneration': 7},"
          "   {'type': 'ResolvedRefs', 'status': 'True', 'observedGeneration': 7}]}]}}");
}

/// `object` with the value at a path like "spec.rules.0.backendRefs" replaced or, without a value,
/// removed.
[[nodiscard]] inline QJsonValue with(const QJsonValue &object, const QStringList &path,
                                     const QJsonValue &value)
{
    if (path.isEmpty())
        return value;
    if (object.isArray()) {
        QJsonArray array = object.toArray();
        const qsizetype index = path.first().toInt();
        array[index] = with(array.at(index), path.mid(1), value);
        return array;
    }
    QJsonObject members = object.toObject();
    const QJsonValue inner = with(members.value(path.first()), path.mid(1), value);
    if (inner.isUndefined())
        members.remove(path.first());
    else
        members.insert(path.first(), inner);
    return members;
}
[[nodiscard]] inline QJsonObject with(const QJsonObject &object, const char *path,
                                      const QJsonValue &value)
{
    return with(QJsonValue(object), QString::fromLatin1(path).split(QLatin1Char('.')), value)
        .toObject();
}

/// A list that is read in one page and kept.
inline void takeList(const ListIntake &intake, const QJsonArray &objects)
{
    intake.take(objects, ListIntake::Page::First);
    intake.keep();
}

[[nodiscard]] inline QJsonObject listObject(const QJsonArray &items,
                                            const QByteArray &version = "90000")
{
    QJsonObject list = parsed("{'metadata': {'resourceVersion': '" + version + "'}}");
    list.insert(QStringLiteral("items"), items);
    return list;
}

[[nodiscard]] inline RouteNames routeNames()
{
    return {QStringLiteral("web"), QStringLiteral("stable"), QStringLiteral("candidate"), {}};
}

/// The services, deployments and pods of a world where three stable pods run the old commit and two
/// candidate pods the new one.
[[nodiscard]] inline QJsonArray objectsOf(RoutePart part)
{
    switch (part) {
    case RoutePart::Services:
        return {serviceObject("stable", "stable"), serviceObject("candidate", "candidate")};
    case RoutePart::Deployments:
        return {deploymentObject("stable", "stable", oldCommit(), 3),
                deploymentObject("candidate", "candidate", newCommit(), 2)};
    case RoutePart::Pods:
        return {podObject("stable-1", "stable", oldCommit()),
                podObject("stable-2", "stable", oldCommit()),
                podObject("stable-3", "stable", oldCommit()),
                podObject("candidate-1", "candidate", newCommit()),
                podObject("candidate-2", "candidate", newCommit())};
    case RoutePart::Routes:
        break;
    }
    return {routeObject(90, 10)};
}

/// A RouteWorld in which everything is told.
struct ToldWorld
{
    explicit ToldWorld(const RouteNames &names = routeNames())
        : world(QStringLiteral("production"), names)
    {
        for (const RoutePart part : routeParts)
            replace(part, objectsOf(part));
    }

    [[nodiscard]] ObjectStore &at(RoutePart part) { return world.store(qsizetype(part)); }
    [[nodiscard]] ListIntake intake(RoutePart part) { return at(part).intake(); }
    void put(RoutePart part, const QJsonObject &object) { at(part).put(object); }
    void remove(RoutePart part, const QString &name) { at(part).remove(name); }
    void replace(RoutePart part, const QJsonArray &objects) { takeList(intake(part), objects); }
    [[nodiscard]] Result<TrafficState> state() const { return world.state(); }

    RouteWorld world;
};

} // namespace pilothouse
