#pragma once

#include "connectors/kubernetes/helm/helmrevision.h"

#include <QByteArray>

#include <optional>

namespace pilothouse {

/// The weight that a release's values say.
struct HelmValue
{
    int percent = 0;
    /// The values hold it as a text ("50"): it must be written as one, a schema may insist.
    enum class Form { Number, Text } form = Form::Number;

    bool operator==(const HelmValue &) const = default;
};

/// What is kept of a revision's body. Neither its values nor its manifest: they hold secrets.
struct HelmBody
{
    QString description; ///< one line, cut and masked: Helm puts whole objects into it
    bool failed = false; ///< the description says that it failed, whatever the status says
    QString chart;       ///< "context-intelligence"
    QString chartVersion;
    QString appVersion;
    QString applyMethod;             ///< "ssa", "csa" (Helm 4); empty = Helm 3
    std::optional<HelmValue> weight; ///< of the release's values, else of the chart's own
    QString weightProblem;           ///< why there is none
    QByteArray besides;              ///< fingerprint of chart and values without the weight

    [[nodiscard]] bool isServerSide() const { return applyMethod == QLatin1String("ssa"); }
    bool operator==(const HelmBody &) const = default;
};

/// The release that a Secret holds: Base64 (once by Kubernetes, once by Helm), then gzip, which
/// very old ones lack, then JSON. Malformed with the place. It holds secrets: not for a log or a
/// cache.
[[nodiscard]] Result<QJsonObject> unpackRelease(const QJsonObject &secret);

/// What is kept of an unpacked release. `valuePath` is the dotted name of the weight's value.
[[nodiscard]] HelmBody decodeBody(const QJsonObject &release, const QString &valuePath);

/// Helm 4 had the server apply it, and will again.
[[nodiscard]] bool isServerSide(const QJsonObject &release);

/// Its rendered objects as YAML. Holds secrets.
[[nodiscard]] QString manifestOf(const QJsonObject &release);

/// A description as it may be shown: one line, at most 240 characters, known forms of tokens
/// masked.
[[nodiscard]] QString shownDescription(const QString &description);

} // namespace pilothouse
