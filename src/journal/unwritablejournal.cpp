#include "journal/unwritablejournal.h"

#include "base/future.h"

namespace pilothouse {

UnwritableJournal::UnwritableJournal(Error why, QObject *parent)
    : Journal(parent), m_why(std::move(why))
{}

QFuture<Result<Record>> UnwritableJournal::append(const Record &)
{
    return ready<Record>(fail(m_why));
}

QFuture<Result<QList<Record>>> UnwritableJournal::newest(int)
{
    return ready<QList<Record>>(fail(m_why));
}

QFuture<Result<QList<Record>>> UnwritableJournal::orphans()
{
    return ready<QList<Record>>(fail(m_why));
}

QFuture<Result<ChainState>> UnwritableJournal::verify()
{
    return ready<ChainState>(fail(m_why));
}

} // namespace pilothouse
