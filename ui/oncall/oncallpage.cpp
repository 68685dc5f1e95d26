#include "ui/oncall/oncallpage.h"

#include "release/oncall/lastknown.h"
#include "release/oncall/oncall.h"
#include "release/oncall/waysout.h"
#include "release/things/namedthings.h"
#include "ui/action/confirmationflow.h"
#include "ui/frame/firstpaint.h"
#include "ui/oncall/lastknownlist.h"
#include "ui/oncall/nightchanges.h"
#include "ui/oncall/nightwords.h"
#include "ui/oncall/wayrow.h"
#include "ui/things/thingdesk.h"
#include "ui/widgets/contentarea.h"
#include "ui/widgets/icon.h"
#include "ui/widgets/ink.h"
#include "ui/widgets/panel.h"
#include "ui/widgets/pill.h"
#include "ui/widgets/spacing.h"
#include "ui/widgets/stateview.h"
#include "ui/widgets/words.h"

#include <QGridLayout>
#include <QLabel>
#include <QTimer>
#include <QVBoxLayout>

#include <algorithm>

namespace pilothouse {
namespace {

constexpr auto together = std::chrono::milliseconds(100);

void setPill(Pill &pill, HurtLine::State state)
{
    switch (state) {
    case HurtLine::State::Well:
        pill.setStatus(Tone::Success, QStringLiteral("circle-check"), OnCallPage::tr("well"));
        return;
    case HurtLine::State::Hurting:
        pill.setStatus(Tone::Danger, QStringLiteral("circle-x"), OnCallPage::tr("HURTING"));
        return;
    case HurtLine::State::NoData:
        pill.setStatus(Tone::Warning, QStringLiteral("circle-question-mark"),
                       OnCallPage::tr("NO DATA"));
        return;
    case HurtLine::State::Reading:
        pill.setStatus(Tone::Neutral, QStringLiteral("circle-dashed"), OnCallPage::tr("reading"));
        return;
    }
}

QString sinceText(const HurtLine &line)
{
    if (!line.since.isValid())
        return {};
    return (line.sinceKind == HurtLine::Since::Before ? OnCallPage::tr("since before %1")
                                                      : OnCallPage::tr("since %1"))
        .arg(nightTime(line.since));
}

/// The night as it is told to others: what hurts, and since when.
Thing nightThing(const OnCallView &view)
{
    Thing night = onCallThing();
    QStringList tells;
    for (const HurtLine &line : view.hurting) {
        if (line.state == HurtLine::State::Hurting)
            tells << OnCallPage::tr("%1 hurts: %2").arg(line.track.value, line.words);
    }
    if (view.firstBad.isValid())
        tells << (view.firstBadKind == HurtLine::Since::Before ? OnCallPage::tr("since before %1")
                                                               : OnCallPage::tr("since %1"))
                     .arg(view.firstBad.toString(Qt::ISODate));
    night.tells = tells.join(QStringLiteral(" · "));
    return night;
}

Thing alertThingOf(const AlertLine &line)
{
    return alertThing(line.name, line.summary.isEmpty()
                                     ? line.state
                                     : QStringLiteral("%1: %2").arg(line.state, line.summary));
}

Thing wayThing(const WayLine &line)
{
    if (line.kind == WayLine::Kind::Log)
        return podThing(line.track, line.pod);
    return line.kind == WayLine::Kind::Pause
               ? changeThing(line.change, line.now)
               : trackThing(line.track, QStringLiteral("%1 → %2").arg(line.now, line.to));
}

QString lostTitle(const QList<LostLine> &lines)
{
    const auto any = [&lines](LostLine::Kind kind) {
        return std::any_of(lines.begin(), lines.end(),
                           [kind](const LostLine &line) { return line.kind == kind; });
    };
    if (!any(LostLine::Kind::Run))
        return OnCallPage::tr("Sources lost");
    return any(LostLine::Kind::Source) ? OnCallPage::tr("Still able to promote, and sources lost")
                                       : OnCallPage::tr("Still able to promote");
}

QString linkText(const QUrl &url, const QString &words)
{
    return url.isEmpty() ? QString()
                         : QStringLiteral(" · <a href=\"%1\" style=\"color: %3\">%2</a>")
                               .arg(url.toString(QUrl::FullyEncoded).toHtmlEscaped(), words,
                                    Theme::instance().color(ColorRole::Accent).name());
}

} // namespace

OnCallPage::OnCallPage(OnCall &controller, QWidget *parent)
    : QWidget(parent), m_controller(controller), m_above(new ContentArea(new QWidget)),
      m_lost(new Panel(tr("Sources lost"))), m_lostRows(new QGridLayout),
      m_lastKnown(new Panel(QString())), m_lastKnownList(new LastKnownList),
      m_hurting(new Panel(tr("Hurting"))), m_hurtRows(new QGridLayout),
      m_alerts(new Panel(tr("Alerts"))), m_alertRows(new QVBoxLayout),
      m_changesPanel(new Panel(QString())), m_changes(new NightChanges),
      m_ways(new Panel(tr("Ways back"))), m_keyless(new Panel(QString())), m_waiting(new StateView)
{
    setObjectName(QStringLiteral("onCallPage"));
    m_lostRows->setHorizontalSpacing(spacing::Medium);
    m_lostRows->setVerticalSpacing(spacing::Small);
    m_lostRows->setColumnStretch(2, 3);
    m_lostRows->setColumnStretch(4, 3);
    m_lost->setObjectName(QStringLiteral("lostPanel"));
    m_lost->body()->addLayout(m_lostRows);
    m_lastKnown->body()->addWidget(m_lastKnownList);
    m_hurtRows->setHorizontalSpacing(spacing::Medium);
    m_hurtRows->setVerticalSpacing(spacing::Small);
    m_hurtRows->setColumnStretch(2, 1);
    m_hurting->body()->addLayout(m_hurtRows);
    m_alertRows->setSpacing(spacing::Hair);
    m_alerts->body()->addLayout(m_alertRows);
    m_changesPanel->body()->addWidget(m_changes);
    m_waiting->setMinimumHeight(4 * spacing::Large);
    m_ways->body()->addWidget(m_waiting);

    m_above->setAccessibleName(tr("What is lost, what hurts and what changed"));
    auto *above = new QVBoxLayout(m_above->widget());
    above->setContentsMargins(0, 0, 0, 0);
    above->setSpacing(spacing::Small);
    m_keyless->setObjectName(QStringLiteral("keylessPanel"));
    for (Panel *panel : {m_lost, m_lastKnown, m_hurting, m_alerts, m_changesPanel, m_keyless})
        above->addWidget(panel);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(spacing::Small);
    column->addWidget(m_above);
    column->addWidget(m_ways);
    column->addStretch(1);
    connect(&m_controller, &OnCall::changed, this, &OnCallPage::refreshSoon);
    connect(&Theme::instance(), &Theme::changed, this, &OnCallPage::refreshSoon);
    refresh();
}

void OnCallPage::setThings(ThingDesk &desk)
{
    m_desk = &desk;
    desk.serve(*this, [this] { return QList<Thing>{nightThing(m_shown)}; });
}

int OnCallPage::heightForWidth(int width) const
{
    return ContentArea::leastHeight(*this, width);
}

void OnCallPage::refreshSoon()
{
    if (m_due || !isVisible())
        return;
    m_due = true;
    QTimer::singleShot(together, this, [this] {
        m_due = false;
        refresh();
    });
}

void OnCallPage::refresh()
{
    OnCallView view = m_controller.view();
    if (m_controller.isKnown())
        view.ways = inPlace(m_shown.ways, view.ways);
    else
        view.ways.clear();
    showLost(view);
    showLastKnown(view);
    showHurting(view);
    showAlerts(view);
    showChanges(view);
    showWays(view);
    m_shown = view;
}

void OnCallPage::showLost(const OnCallView &view)
{
    m_lost->setVisible(!view.lost.isEmpty());
    if (view.lost == m_shown.lost)
        return;
    m_lost->setTitle(lostTitle(view.lost));
    clearLayout(m_lostRows);
    int row = 0;
    for (const LostLine &line : view.lost) {
        auto *pill = new Pill;
        pill->setStatus(Tone::Danger, QStringLiteral("circle-x"), line.word.toUpper());
        QLabel *why = plainLabel(firstSentence(line.why));
        why->setToolTip(line.why);
        QLabel *works = plainLabel(line.works, ColorRole::Muted);
        for (QLabel *label : {why, works})
            label->setWordWrap(true);
        m_lostRows->addWidget(pill, row, 0, Qt::AlignLeft);
        m_lostRows->addWidget(plainLabel(line.name), row, 1);
        m_lostRows->addWidget(why, row, 2);
        m_lostRows->addWidget(plainLabel(line.since), row, 3);
        m_lostRows->addWidget(works, row, 4);
        ++row;
    }
}

void OnCallPage::showLastKnown(const OnCallView &view)
{
    m_lastKnown->setVisible(!view.lastKnown.isEmpty());
    m_lastKnown->setTitle(tr("Last known state, %1 old").arg(lastKnownAge(view.lastKnown)));
    // Where nothing can be done from here a command is all there is, and is read as a whole.
    const bool canAct = std::any_of(view.ways.cbegin(), view.ways.cend(),
                                    [](const WayLine &way) { return way.offBecause.isEmpty(); });
    m_lastKnownList->setLines(view.lastKnown, canAct ? LastKnownList::Commands::InOneLine
                                                     : LastKnownList::Commands::Whole);
}

void OnCallPage::showHurting(const OnCallView &view)
{
    if (view.hurting == m_shown.hurting && m_hurtRows->count() > 0)
        return;
    clearLayout(m_hurtRows);
    int row = 0;
    for (const HurtLine &line : view.hurting) {
        auto *pill = new Pill;
        setPill(*pill, line.state);
        m_hurtRows->addWidget(pill, row, 0, Qt::AlignLeft);
        m_hurtRows->addWidget(plainLabel(line.track.value), row, 1);
        QLabel *words
            = plainLabel(line.words, line.state == HurtLine::State::Reading ? ColorRole::Muted
                                     : line.old.isEmpty()                   ? ColorRole::Text
                                                                            : ColorRole::Faint);
        words->setWordWrap(true);
        m_hurtRows->addWidget(words, row, 2);
        m_hurtRows->addWidget(plainLabel(sinceText(line), ColorRole::Muted), row, 3);
        QLabel *old = plainLabel(line.old);
        setInk(old, Tone::Warning);
        m_hurtRows->addWidget(old, row, 4);
        ++row;
    }
    if (row == 0)
        m_hurtRows->addWidget(plainLabel(tr("No track in pilothouse.yaml."), ColorRole::Muted), 0,
                              0);
}

void OnCallPage::showAlerts(const OnCallView &view)
{
    // A link keeps the colour that it was made with.
    const bool isSameTheme = m_alertsInDark == Theme::instance().isDark();
    m_alertsInDark = Theme::instance().isDark();
    if (isSameTheme && view.alerts == m_shown.alerts && view.alertsUnknown == m_shown.alertsUnknown
        && view.alertsReading == m_shown.alertsReading && m_alertRows->count() > 0)
        return;
    clearLayout(m_alertRows);
    for (const AlertLine &line : view.alerts) {
        auto *label = new QLabel;
        label->setTextFormat(Qt::RichText);
        label->setOpenExternalLinks(true);
        label->setTextInteractionFlags(Qt::TextBrowserInteraction);
        const QString summary = line.summary.isEmpty()
                                    ? QString()
                                    : QStringLiteral(" · ") + line.summary.toHtmlEscaped();
        label->setText(
            tr("<b>%1</b> %2 since %3%4%5%6 · %7")
                .arg(line.name.toHtmlEscaped(), line.state.toHtmlEscaped(), nightTime(line.since),
                     summary, linkText(line.runbook, tr("runbook")),
                     linkText(line.dashboard, tr("dashboard")),
                     line.isOfNoTrack ? tr("of no track: no guard acts on it")
                                      : tr("acted on it: %1").arg(line.acted.toHtmlEscaped())));
        if (line.isOfNoTrack)
            setInk(label, Tone::Warning);
        else if (line.state == QLatin1String("firing"))
            setInk(label, Tone::Danger);
        if (m_desk)
            m_desk->serve(*label, [line] { return QList<Thing>{alertThingOf(line)}; });
        m_alertRows->addWidget(label);
    }
    if (!view.alertsUnknown.isEmpty()) {
        QLabel *unknown = plainLabel(view.alertsUnknown);
        setInk(unknown, Tone::Warning);
        m_alertRows->addWidget(unknown);
    } else if (!view.alertsReading.isEmpty()) {
        m_alertRows->addWidget(plainLabel(view.alertsReading, ColorRole::Muted));
    } else if (view.alerts.isEmpty()) {
        m_alertRows->addWidget(plainLabel(tr("No alert is firing."), ColorRole::Muted));
    }
}

void OnCallPage::showChanges(const OnCallView &view)
{
    m_changesPanel->setTitle(NightChanges::title(view));
    m_changesPanel->setRemark(NightChanges::remark(view));
    m_changes->setView(view);
}

void OnCallPage::showWays(const OnCallView &view)
{
    const bool known = m_controller.isKnown();
    m_waiting->setVisible(!known);
    if (known && isVisible() && !m_told) {
        m_told = true;
        tellStart(QStringLiteral("the ways back are shown"));
    }
    if (!known)
        m_waiting->showLoading(tr("what is live"));
    const qsizetype count = view.ways.size();
    const qsizetype more = std::max(qsizetype(0), count - mostKeys);
    const QString remark = tr("a key opens its dialog; nothing acts without it");
    m_ways->setRemark(more > 0 ? tr("%1; +%2 more without a key, above").arg(remark).arg(more)
                               : remark);
    m_keyless->setTitle(tr("+%1 more ways back, without a key").arg(more));
    m_keyless->setVisible(more > 0);
    while (m_wayRows.size() > count)
        delete m_wayRows.takeLast();
    while (m_wayRows.size() < count) {
        auto *row = new WayRow(int(m_wayRows.size()) + 1);
        connect(row, &WayRow::activated, this, &OnCallPage::act);
        if (m_desk)
            m_desk->serve(*row, [row] { return QList<Thing>{wayThing(row->line())}; });
        (m_wayRows.size() < mostKeys ? m_ways : m_keyless)->body()->addWidget(row);
        m_wayRows.append(row);
    }
    for (qsizetype i = 0; i < count; ++i)
        m_wayRows[i]->setLine(view.ways[i]);
}

void OnCallPage::act(const WayLine &line)
{
    switch (line.kind) {
    case WayLine::Kind::RollBack:
        Q_EMIT rollBackRequested(line.track);
        return;
    case WayLine::Kind::Hold:
    case WayLine::Kind::Run:
        Q_EMIT holdRequested(line.track);
        return;
    case WayLine::Kind::Log:
        Q_EMIT podLogRequested(line.track, line.pod);
        return;
    case WayLine::Kind::Pause:
        if (auto *flow = ConfirmationFlow::open(
                window(),
                [this, change = line.change] { return m_controller.previewPause(change); },
                [this, change = line.change](const Confirmation &) {
                    return m_controller.pause(change);
                }))
            connect(&m_controller, &OnCall::changed, flow, &ConfirmationFlow::refresh);
        return;
    }
}

void OnCallPage::showEvent(QShowEvent *event)
{
    QWidget::showEvent(event);
    m_controller.setVisible(true);
    m_shown.ways.clear(); // opened anew: keys are given anew
    refresh();
}

void OnCallPage::hideEvent(QHideEvent *event)
{
    QWidget::hideEvent(event);
    m_controller.setVisible(false);
}

} // namespace pilothouse
