#pragma once

#include "connectors/http/jsonreader.h"
#include "release/oncall/configmapsource.h"

#include <QJsonArray>
#include <QJsonObject>
#include <QSet>

namespace pilothouse {

/// The names of the config maps that a Pod's spec takes: mounted (also projected), or into the
/// environment of one of its containers, the ones that run before included.
[[nodiscard]] QSet<QString> configMapsOf(const JsonReader &podSpec);
/// The same of a Pod, or of a Deployment's template.
[[nodiscard]] Result<QSet<QString>> configMapsOfObject(const QJsonObject &object);

/// Those of these config maps that are there, by their names, with who wrote each last and the Helm
/// release that it belongs to. Needs their metadata only. Malformed for an item that has no name.
[[nodiscard]] Result<QList<ConfigMapInUse>> configMapsNamed(const QJsonArray &items,
                                                            const QSet<QString> &names);

/// Who wrote which of these config maps in a time, by the times of their managedFields; one that
/// has none of them counts as written when it was made. Needs their metadata only. Malformed for an
/// item that has no name.
[[nodiscard]] Result<QList<ClusterEvent>> configMapWrites(const QJsonArray &items,
                                                          const QSet<QString> &names,
                                                          const QDateTime &from,
                                                          const QDateTime &to);

} // namespace pilothouse
