#pragma once

#include "action/commandline.h"
#include "action/plannedcall.h"

#include <QJsonArray>
#include <QJsonObject>
#include <QUrl>

namespace pilothouse {

/// One change of a guarded object, not yet bound to a version.
struct ObjectWrite
{
    enum class Target { Object, Status };
    enum class Need {
        Must,
        May, ///< a note on the object: what was done before it stays done without it
    };

    Target target = Target::Object;
    Need need = Need::Must;
    QJsonObject merge;     ///< a merge patch; metadata.resourceVersion is added
    QJsonArray operations; ///< instead, a JSON patch; the test of the version is put before it

    [[nodiscard]] bool isJsonPatch() const { return !operations.isEmpty(); }
    [[nodiscard]] QJsonObject mergeAt(const QString &version) const;
    [[nodiscard]] QJsonArray operationsAt(const QString &version) const;
};

/// Where an object is, for texts.
struct ObjectPlace
{
    QString context; ///< of the kubeconfig; empty = the current one
    QString nameSpace;
    QString resource; ///< as kubectl takes it: "rollouts.argoproj.io"
    QString name;
    QUrl url; ///< without "/status"
};

/// JSON pointer (RFC 6901) to an annotation.
[[nodiscard]] QString annotationPath(const char *annotation);

/// A merge patch of our own annotations; null removes one.
[[nodiscard]] ObjectWrite annotationWrite(const char *annotation, const QJsonValue &value);

/// The same write with one more of them in it: a merge patch gets it as it is, a JSON patch an
/// operation, which needs an object with annotations.
[[nodiscard]] ObjectWrite withAnnotation(ObjectWrite write, const char *annotation,
                                         const QString &value);

/// The write as a confirmation shows it. A text of our annotations is shown as `note`.
[[nodiscard]] PlannedCall plannedWrite(const ObjectWrite &write, const QString &version,
                                       const ObjectPlace &place, const QString &summary,
                                       const QString &note = {});

/// The same of a write whose version is not known yet and is told in words: what is copied names
/// none, or the server would refuse it.
[[nodiscard]] PlannedCall plannedLater(const ObjectWrite &write, const QString &version,
                                       const ObjectPlace &place, const QString &summary);

/// "kubectl --context C -n N get RESOURCE NAME -o yaml".
[[nodiscard]] QString getCommand(const ObjectPlace &place);

} // namespace pilothouse
