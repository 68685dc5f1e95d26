#include "ui/oncall/nightchanges.h"

#include "release/oncall/recent.h"
#include "ui/oncall/nightwords.h"
#include "ui/widgets/ink.h"
#include "ui/widgets/spacing.h"
#include "ui/widgets/words.h"

#include <QGridLayout>
#include <QLabel>

#include <algorithm>

namespace pilothouse {
namespace {

constexpr int columns = 4;

/// "−0:04:10", "+0:04:10"
QString distance(std::chrono::milliseconds before)
{
    const qint64 seconds = std::abs(before.count()) / 1000;
    return QStringLiteral("%1%2:%3:%4")
        .arg(before.count() < 0 ? QLatin1Char('+') : QChar(0x2212))
        .arg(seconds / 3600)
        .arg(seconds / 60 % 60, 2, 10, QLatin1Char('0'))
        .arg(seconds % 60, 2, 10, QLatin1Char('0'));
}

QLabel *code(const QString &text)
{
    QLabel *label = plainLabel(text);
    label->setFont(Theme::instance().codeFont());
    return label;
}

QLabel *warning(const QString &text)
{
    QLabel *label = plainLabel(text);
    setInk(label, Tone::Warning);
    label->setWordWrap(true);
    return label;
}

QString whatText(const RecentLine &line)
{
    return line.seenIn.isEmpty() ? line.what
                                 : NightChanges::tr("%1 (seen in %2)").arg(line.what, line.seenIn);
}

bool sameChanges(const OnCallView &a, const OnCallView &b)
{
    return a.firstBad == b.firstBad && a.hurting == b.hurting && a.earlier == b.earlier
           && a.earlierUnknown == b.earlierUnknown && a.earlierReading == b.earlierReading
           && a.recent == b.recent && a.recentUnknown == b.recentUnknown
           && a.recentReading == b.recentReading;
}

/// Why no cause is looked for; empty = it is known that nothing hurts.
QString noCauseWords(const OnCallView &view)
{
    const auto any = [&view](HurtLine::State state) {
        return std::any_of(view.hurting.begin(), view.hurting.end(),
                           [state](const HurtLine &line) { return line.state == state; });
    };
    if (any(HurtLine::State::Reading))
        return NightChanges::tr("Whether it hurts is being read.");
    return any(HurtLine::State::NoData)
               ? NightChanges::tr("Whether it hurts, and since when, is not known: no cause is "
                                  "looked for.")
               : QString();
}

} // namespace

NightChanges::NightChanges(QWidget *parent) : QWidget(parent), m_rows(new QGridLayout(this))
{
    setObjectName(QStringLiteral("nightChanges"));
    m_rows->setContentsMargins(0, 0, 0, 0);
    m_rows->setHorizontalSpacing(spacing::Medium);
    m_rows->setVerticalSpacing(spacing::Hair);
    m_rows->setColumnStretch(columns - 1, 1);
}

QString NightChanges::title(const OnCallView &view)
{
    if (!view.firstBad.isValid())
        return tr("Changed in the last %1 hours").arg(recentWithin.count());
    const QString began = nightTime(view.firstBad);
    if (view.firstBadKind == HurtLine::Since::Before)
        return view.recent.isEmpty()
                   ? tr("Changed before %1, when it hurt already").arg(began)
                   : tr("Changed before %1, when it hurt already, and since").arg(began);
    return view.recent.isEmpty() ? tr("Changed before %1").arg(began)
                                 : tr("Changed before %1, and since").arg(began);
}

QString NightChanges::remark(const OnCallView &view)
{
    const qsizetype more = view.earlierMore + view.recentMore;
    return more > 0
               ? tr("%1 more do not fit; what people and deploys did stands in History").arg(more)
               : QString();
}

void NightChanges::setView(const OnCallView &view)
{
    if (m_row > 0 && sameChanges(view, m_shown))
        return;
    m_shown = view;
    clearLayout(m_rows);
    m_row = 0;
    if (view.firstBad.isValid())
        addCauses(view);
    else
        addRecent(view);
}

void NightChanges::addRow(QLabel *first, const QDateTime &at, const QString &who,
                          const QString &what)
{
    m_rows->addWidget(first, m_row, 0);
    m_rows->addWidget(
        plainLabel(at.isValid() ? whenText(at, QDateTime::currentDateTimeUtc()) : QString(),
                   ColorRole::Muted),
        m_row, 1);
    m_rows->addWidget(plainLabel(who), m_row, 2);
    QLabel *label = plainLabel(what);
    label->setWordWrap(true);
    m_rows->addWidget(label, m_row, 3);
    ++m_row;
}

void NightChanges::addRemark(QLabel *remark)
{
    m_rows->addWidget(remark, m_row++, 0, 1, columns);
}

void NightChanges::addCauses(const OnCallView &view)
{
    for (const RecentLine &line : view.recent)
        addRow(code(distance(std::chrono::milliseconds(line.at.msecsTo(view.firstBad)))), line.at,
               line.who, whatText(line));
    for (const EarlierLine &line : view.earlier)
        addRow(code(distance(line.before)), line.at, line.who, line.what);
    for (const QString &unknown : view.earlierUnknown + view.recentUnknown)
        addRemark(warning(tr("cannot tell: %1").arg(firstSentence(unknown))));
    const QString reading
        = view.earlierReading.isEmpty() ? view.recentReading : view.earlierReading;
    if (!reading.isEmpty())
        addRemark(plainLabel(reading, ColorRole::Muted));
    else if (view.earlier.isEmpty())
        addRemark(
            plainLabel(tr("Nothing that the console knows of, in 24 hours."), ColorRole::Muted));
}

void NightChanges::addRecent(const OnCallView &view)
{
    for (const RecentLine &line : view.recent)
        addRow(plainLabel(whenText(line.at, QDateTime::currentDateTimeUtc()), ColorRole::Muted), {},
               line.who, whatText(line));
    for (const QString &unknown : view.recentUnknown)
        addRemark(warning(tr("cannot tell: %1").arg(firstSentence(unknown))));
    if (!view.recentReading.isEmpty())
        addRemark(plainLabel(view.recentReading, ColorRole::Muted));
    else if (view.recent.isEmpty() && view.recentUnknown.isEmpty())
        addRemark(plainLabel(tr("Nothing changed in the last %1 hours.").arg(recentWithin.count()),
                             ColorRole::Muted));
    if (const QString words = noCauseWords(view); !words.isEmpty())
        addRemark(plainLabel(words, ColorRole::Muted));
}

} // namespace pilothouse
