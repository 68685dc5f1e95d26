#include "migration/recipe/lostanswer.h"

#include "base/words.h"

namespace pilothouse {

namespace {

Error lostAnd(const Error &lost, const QString &sentence)
{
    Error error = lost;
    error.message += QLatin1Char(' ') + sentence;
    return error;
}

} // namespace

Error notDoneAfterAll(const Error &lost, const QString &step)
{
    return lostAnd(lost, Words::tr("Looked at again: %1 is not done.").arg(step));
}

Error neverSeen(const Error &lost, const QString &step, const QString &why)
{
    return lostAnd(lost, Words::tr("Whether %1 is done could not be seen: %2. Look at the facts "
                                   "before you run it again.")
                             .arg(step, why));
}

} // namespace pilothouse
