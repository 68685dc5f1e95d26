#include "journal/recordtable.h"

#include "base/words.h"

namespace pilothouse {

RecordRow currentRow(const QSqlQuery &query)
{
    RecordRow row;
    row.seq = query.value(0).toLongLong();
    row.at = query.value(1).toString();
    row.kind = query.value(2).toString();
    row.id = query.value(3).toString();
    row.subject = query.value(4).toString();
    row.actor = query.value(5).toString();
    row.body = query.value(6).toString();
    row.previous = query.value(7).toByteArray();
    row.hash = query.value(8).toByteArray();
    return row;
}

tl::unexpected<Error> journalUnusable(const QString &path, const QString &detail)
{
    return fail(
        ErrorKind::Unavailable,
        Words::tr("The journal %1 cannot be used. Check that its folder is writable and has "
                  "room.")
            .arg(path),
        detail);
}

} // namespace pilothouse
