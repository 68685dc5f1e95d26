#include "release/compare/showndiff.h"

#include "release/compare/comparewords.h"
#include "release/releasecontroller.h"

namespace pilothouse {

namespace {

constexpr int askAgainAfter = 15'000; ///< ms

} // namespace

ShownDiff::ShownDiff(const ReleaseController &release, const CompareSources &sources,
                     QObject *parent)
    : QObject(parent), m_release(release), m_comparer(sources)
{
    m_again.setSingleShot(true);
    m_again.setInterval(askAgainAfter);
    connect(&m_again, &QTimer::timeout, this, &ShownDiff::compare);
    connect(&m_comparer, &Comparer::changed, this, [this] {
        if (m_comparer.error())
            m_again.start();
        Q_EMIT changed();
    });
    connect(&m_release, &ReleaseController::changed, this, &ShownDiff::follow);
    connect(&m_release, &ReleaseController::shownChanged, this, &ShownDiff::follow);
    follow();
}

void ShownDiff::follow()
{
    const auto pair = shownPair(m_release.shown(), m_release.live());
    if (pair == m_pair)
        return;
    m_pair = pair;
    m_again.stop();
    if (m_pair)
        compare();
    else
        Q_EMIT changed();
}

void ShownDiff::compare()
{
    if (m_pair)
        m_comparer.compare(m_pair->from, m_pair->to, {});
}

QString ShownDiff::sentence() const
{
    if (!m_pair)
        return tr("No track tells its stable revision yet: the difference from it will stand "
                  "here.");
    if (m_pair->from == m_pair->to)
        return tr("none: %1 is stable wherever a track tells").arg(shortSha(m_pair->to));
    if (const auto &comparison = m_comparer.comparison())
        return diffSentence(*comparison);
    if (const auto &error = m_comparer.error())
        return tr("cannot be told: %1").arg(error->message);
    return tr("being compared…");
}

} // namespace pilothouse
