#pragma once

#include "base/result.h"
#include "migration/lint/sql/sqlreading.h"
#include "migration/rehearsal/rehearsed.h"

#include <QFuture>

namespace pilothouse {

struct Rehearsal
{
    QString server;              ///< its version, for people: "15.20"
    QList<Rehearsed> statements; ///< of the file, in its order
};

/// Runs a file where nobody waits for it.
class Rehearser
{
public:
    virtual ~Rehearser() = default;

    /// Each statement of `file` (UTF-8) as `statements` says where it begins and ends, one after
    /// another, on a copy of the schema without rows: what fails because of rows does not fail
    /// here. A statement that is refused does not stop the others. GUI thread.
    [[nodiscard]] virtual QFuture<Result<Rehearsal>> rehearse(const QByteArray &file,
                                                              const QList<SqlStatement> &statements)
        = 0;
};

} // namespace pilothouse
