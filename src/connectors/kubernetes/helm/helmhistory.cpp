#include "connectors/kubernetes/helm/helmhistory.h"

#include "base/words.h"

#include <QJsonArray>

#include <algorithm>

namespace pilothouse {
namespace {

/// Why a revision is none to go back to; empty = it is good.
QString badBecause(const HelmHistory &history, const HelmRevision &revision)
{
    const HelmBody body = history.body(revision.number);
    const QString said
        = body.description.isEmpty() ? QString() : QStringLiteral(": ") + body.description;
    switch (revision.status) {
    case HelmStatus::Deployed:
        return {};
    case HelmStatus::Superseded:
        return body.failed
                   ? Words::tr("revision %1 failed before it was superseded").arg(revision.number)
                         + said
                   : QString();
    case HelmStatus::Failed:
        return Words::tr("revision %1 failed").arg(revision.number) + said;
    case HelmStatus::PendingInstall:
    case HelmStatus::PendingUpgrade:
    case HelmStatus::PendingRollback:
        return Words::tr("revision %1 is %2: it never came to an end")
            .arg(revision.number)
            .arg(revision.word);
    case HelmStatus::Unknown:
    case HelmStatus::Uninstalling:
    case HelmStatus::Uninstalled:
        break;
    }
    return Words::tr("revision %1 is %2").arg(revision.number).arg(revision.word);
}

QString ageText(std::chrono::milliseconds age)
{
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(age).count();
    if (seconds < 120)
        return Words::tr("%1 s").arg(seconds);
    if (seconds < 7200)
        return Words::tr("%1 min").arg(seconds / 60);
    return Words::tr("%1 h").arg(seconds / 3600);
}

} // namespace

const HelmRevision *HelmHistory::find(int number) const
{
    const auto found
        = std::find_if(revisions.cbegin(), revisions.cend(),
                       [number](const HelmRevision &each) { return each.number == number; });
    return found == revisions.cend() ? nullptr : &*found;
}

const HelmRevision *HelmHistory::deployed() const
{
    const auto found
        = std::find_if(revisions.cbegin(), revisions.cend(), [](const HelmRevision &each) {
              return each.status == HelmStatus::Deployed;
          });
    return found == revisions.cend() ? nullptr : &*found;
}

HelmHistory historyFrom(const QJsonArray &items, QStringList *unreadable)
{
    HelmHistory history;
    for (const QJsonValue item : items) {
        const auto revision = decodeRevision(item.toObject());
        if (revision)
            history.revisions.append(*revision);
        else if (unreadable)
            unreadable->append(revision.error().message);
    }
    // Names order v10 before v9.
    std::sort(history.revisions.begin(), history.revisions.end(),
              [](const HelmRevision &a, const HelmRevision &b) { return a.number > b.number; });
    return history;
}

GoodRevisions goodRevisions(const HelmHistory &history)
{
    GoodRevisions found;
    for (const HelmRevision &revision : history.revisions) {
        const QString bad = badBecause(history, revision);
        if (bad.isEmpty())
            found.good.append(revision);
        else if (found.good.isEmpty())
            found.skipped.append(bad);
    }
    return found;
}

HelmLock lockOf(const HelmHistory &history, const QDateTime &now)
{
    HelmLock lock;
    const HelmRevision *newest = history.newest();
    if (!newest || !isPending(newest->status))
        return lock;
    lock.revision = newest->number;
    lock.word = newest->word;
    const bool isDated = newest->at.isValid() && now.isValid();
    if (isDated)
        lock.age
            = std::max(std::chrono::milliseconds(newest->at.msecsTo(now)), decltype(lock.age)(0));
    lock.kind = lock.age < deploysFor ? HelmLock::Kind::Deploying : HelmLock::Kind::LeftBehind;
    if (!isDated) {
        lock.sentence = Words::tr("Helm revision %1 is %2, since when is not known: somebody may "
                                  "be deploying. Ask before anything else.")
                            .arg(lock.revision)
                            .arg(lock.word);
    } else if (lock.kind == HelmLock::Kind::Deploying) {
        lock.sentence = Words::tr("Helm revision %1 is %2 for %3: somebody is deploying now. Helm "
                                  "refuses another upgrade until that has ended.")
                            .arg(lock.revision)
                            .arg(lock.word, ageText(lock.age));
    } else {
        lock.sentence = Words::tr("Helm revision %1 is %2 for %3: whoever deployed was cut off and "
                                  "left this lock behind. Helm refuses every upgrade until it is "
                                  "cleared.")
                            .arg(lock.revision)
                            .arg(lock.word, ageText(lock.age));
    }
    return lock;
}

} // namespace pilothouse
