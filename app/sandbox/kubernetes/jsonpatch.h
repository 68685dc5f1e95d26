#pragma once

#include <QJsonArray>
#include <QJsonObject>
#include <QString>

#include <tl/expected.hpp>

namespace pilothouse::sandbox {

/// Why a patch cannot be applied.
struct PatchFailure
{
    enum class Kind {
        Malformed, ///< not a patch at all
        Failed,    ///< a test that does not hold, a path that is not there
    };
    Kind kind = Kind::Failed;
    QString reason;
};

/// RFC 6902: test, add, remove, replace, copy and move. All operations or none.
[[nodiscard]] tl::expected<QJsonObject, PatchFailure> applyJsonPatch(const QJsonObject &target,
                                                                     const QJsonArray &patch);

/// RFC 7386: null removes, objects merge, all else replaces.
[[nodiscard]] QJsonObject applyMergePatch(const QJsonObject &target, const QJsonObject &patch);

} // namespace pilothouse::sandbox
