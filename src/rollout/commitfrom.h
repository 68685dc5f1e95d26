#pragma once

#include "base/id.h"

#include <QHash>

namespace pilothouse {

/// How the commit of a revision is told (`commit_from` of a track).
struct CommitFrom
{
    enum class Kind {
        ImageTag, ///< the tag is, or ends in, a full SHA
        Label,    ///< a label of the Pod template or of the Cloud Run revision
    };

    Kind kind = Kind::ImageTag;
    QString label = QStringLiteral("app.kubernetes.io/version"); ///< for Kind::Label

    bool operator==(const CommitFrom &) const = default;
};

/// The commit in the tag of an image reference: the last 40 (SHA-1) or 64 (SHA-256) characters of
/// the tag, if they are hexadecimal and stand alone. Empty = unknown; a reference by digest has no
/// tag unless it names both.
[[nodiscard]] CommitId commitOfImage(const QString &image);

/// Empty = unknown commit. A label must be a SHA as a tag must.
[[nodiscard]] CommitId commitOf(const CommitFrom &from, const QString &image,
                                const QHash<QString, QString> &labels);

/// "sha256:…" of an image reference, empty if it has none.
[[nodiscard]] QString digestOfImage(const QString &image);

} // namespace pilothouse
