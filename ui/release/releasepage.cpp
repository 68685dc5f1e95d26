#include "ui/release/releasepage.h"

#include "migration/overdue/reminders.h"
#include "release/compare/showndiff.h"
#include "release/releasecontroller.h"
#include "release/releasesources.h"
#include "release/seen/happenings.h"
#include "ui/pipeline/statuswords.h"
#include "ui/release/diffpanel.h"
#include "ui/release/livemenu.h"
#include "ui/release/livemodel.h"
#include "ui/release/livethings.h"
#include "ui/release/nextview.h"
#include "ui/release/remindercard.h"
#include "ui/things/thingdesk.h"
#include "ui/widgets/icon.h"
#include "ui/widgets/panel.h"
#include "ui/widgets/pillstrip.h"
#include "ui/widgets/spacing.h"
#include "ui/widgets/stateview.h"
#include "ui/widgets/words.h"

#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QListWidget>
#include <QPushButton>
#include <QStackedLayout>
#include <QTableView>
#include <QVBoxLayout>

namespace pilothouse {
namespace {

constexpr int rowHeight = 28;
constexpr int leastLately = 3 * 22; ///< rows of LATELY in view before the page scrolls

PillStrip::Item gateItem(const Gate &gate)
{
    switch (gate.state) {
    case Gate::State::Pass:
        return {Tone::Success, QStringLiteral("circle-check"), gate.name, gate.text};
    case Gate::State::Fail:
        return {Tone::Danger, QStringLiteral("circle-x"), gate.name, gate.text};
    case Gate::State::Running:
        return {Tone::Info, QStringLiteral("circle-dot"),
                ReleasePage::tr("%1 running").arg(gate.name), gate.text};
    case Gate::State::NoData:
        return {Tone::Neutral, QStringLiteral("circle-question-mark"),
                ReleasePage::tr("%1 no data").arg(gate.name), gate.text};
    }
    return {};
}

QString latelyIcon(LatelyLine::Source source)
{
    switch (source) {
    case LatelyLine::Source::Journal:
        return QStringLiteral("history");
    case LatelyLine::Source::TrafficObject:
        return QStringLiteral("activity");
    case LatelyLine::Source::Pipeline:
        return QStringLiteral("workflow");
    case LatelyLine::Source::Alert:
        return QStringLiteral("siren");
    case LatelyLine::Source::Database:
        return QStringLiteral("database");
    case LatelyLine::Source::Deploy:
        return QStringLiteral("rocket");
    }
    return {};
}

/// Short enough for a row; all of it is in the tooltip.
QListWidgetItem *unheardItem(Unheard unheard)
{
    const bool lost = unheard.state == Unheard::State::Lost;
    const QString whole = unheardWords(unheard);
    unheard.why = firstSentence(unheard.why);
    auto *item
        = new QListWidgetItem(lost ? themedIcon(QStringLiteral("triangle-alert"), Tone::Warning)
                                   : themedIcon(QStringLiteral("circle-dashed"), ColorRole::Muted),
                              unheardWords(unheard));
    item->setForeground(lost ? Theme::instance().color(Tone::Warning)
                             : Theme::instance().color(ColorRole::Muted));
    item->setToolTip(whole);
    return item;
}

QString latelyText(const LatelyLine &line)
{
    const QString who = line.who.isEmpty() ? QString() : line.who + QStringLiteral("   ");
    const QString text
        = QStringLiteral("%1   %2%3")
              .arg(whenText(line.at, QDateTime::currentDateTimeUtc()), who, line.what);
    return line.seenIn.isEmpty() ? text
                                 : ReleasePage::tr("%1   (seen in %2)").arg(text, line.seenIn);
}

} // namespace

ReleasePage::ReleasePage(ReleaseController &controller, const ShownDiff &diff, QWidget *parent)
    : QWidget(parent), m_controller(controller), m_diff(diff), m_stack(new QStackedLayout(this)),
      m_loading(new StateView), m_reminder(new ReminderCard), m_next(new NextView),
      m_copyForChat(new QPushButton(themedIcon(QStringLiteral("copy")), tr("Copy for Chat"))),
      m_livePanel(new Panel(tr("Live"))), m_liveModel(new LiveModel(this)), m_live(new QTableView),
      m_liveMenu(nullptr), m_gatesPanel(new Panel(tr("Gates"))),
      m_gates(new PillStrip(PillStrip::Between::Nothing)), m_pathPanel(new Panel(tr("Path"))),
      m_path(new PillStrip(PillStrip::Between::Arrow)), m_lately(new QListWidget)
{
    setObjectName(QStringLiteral("releasePage"));
    m_copyForChat->setObjectName(QStringLiteral("copyForChatButton"));
    m_copyForChat->hide();
    m_next->addAction(m_copyForChat);
    m_live->setObjectName(QStringLiteral("liveTable"));
    m_live->setAccessibleName(tr("What is live where"));
    m_live->setModel(m_liveModel);
    m_live->setFrameShape(QFrame::NoFrame);
    m_live->setShowGrid(false);
    m_live->setTabKeyNavigation(false);
    m_live->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_live->setSelectionMode(QAbstractItemView::SingleSelection);
    m_live->verticalHeader()->hide();
    m_live->verticalHeader()->setDefaultSectionSize(rowHeight);
    m_live->horizontalHeader()->setHighlightSections(false);
    m_live->horizontalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    m_live->horizontalHeader()->setSectionResizeMode(QHeaderView::ResizeToContents);
    m_live->horizontalHeader()->setSectionResizeMode(LiveModel::WayBackColumn,
                                                     QHeaderView::Stretch);
    m_liveMenu = new LiveMenu(*m_live, *m_liveModel, m_controller);
    m_livePanel->body()->addWidget(m_live);
    m_gatesPanel->body()->addWidget(m_gates);
    m_gatesPanel->body()->addStretch(1);
    m_pathPanel->body()->addWidget(m_path);
    m_pathPanel->body()->addStretch(1);
    m_lately->setObjectName(QStringLiteral("latelyList"));
    m_lately->setAccessibleName(tr("Lately"));
    m_lately->setFrameShape(QFrame::NoFrame);
    m_lately->setIconSize({16, 16});
    m_lately->setUniformItemSizes(true);
    // It takes what height is left, and gives way before the page gets a scroll bar.
    m_lately->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Ignored);
    m_lately->setMinimumHeight(leastLately);
    auto *lately = new Panel(tr("Lately"));
    lately->body()->addWidget(m_lately, 1);

    auto *diffPanel = new DiffPanel(m_diff);
    auto *middle = new QHBoxLayout;
    middle->setSpacing(spacing::Small);
    middle->addWidget(m_gatesPanel, 2);
    middle->addWidget(m_pathPanel, 3);
    auto *page = new QWidget;
    auto *column = new QVBoxLayout(page);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(spacing::Small);
    column->addWidget(m_reminder);
    column->addWidget(m_next);
    column->addWidget(m_livePanel);
    column->addLayout(middle);
    column->addWidget(diffPanel);
    column->addWidget(lately, 1);
    m_stack->addWidget(m_loading);
    m_stack->addWidget(page);

    connect(&m_controller, &ReleaseController::changed, this, &ReleasePage::refresh);
    connect(&m_controller.sources(), &ReleaseSources::gitCopyChanged, this, &ReleasePage::refresh);
    connect(m_loading, &StateView::retryRequested, &m_controller, &ReleaseController::refresh);
    connect(&m_controller, &ReleaseController::latelyChanged, this, &ReleasePage::refreshLately);
    connect(diffPanel, &DiffPanel::compareRequested, this,
            [this] { requestShown(CompareSection::Commits); });
    connect(diffPanel, &DiffPanel::notesRequested, this,
            [this] { requestShown(CompareSection::Notes); });
    connect(m_liveMenu, &LiveMenu::compareRequested, this, [this](const ComparePair &pair) {
        Q_EMIT compareRequested(pair, CompareSection::Commits);
    });
    connect(m_liveMenu, &LiveMenu::holdRequested, this, &ReleasePage::holdRequested);
    connect(m_liveMenu, &LiveMenu::retireRequested, this, &ReleasePage::retireRequested);
    connect(m_next, &NextView::activated, this, &ReleasePage::nextActivated);
    connect(m_live, &QTableView::activated, this, [this](const QModelIndex &index) {
        const LiveRow &row = m_liveModel->rowAt(index.row());
        if (row.kind == LiveRow::Kind::Track)
            Q_EMIT trackActivated(TrackName(row.where));
    });
    refresh();
    refreshLately();
}

void ReleasePage::setThings(ThingDesk &desk)
{
    const auto release = [this]() -> QList<Thing> {
        if (m_controller.shown().value.isEmpty())
            return {};
        return {releaseThing(m_controller.shown(), m_controller.releases(), m_controller.next())};
    };
    desk.serve(*this, release);
    desk.serveRows(*m_live, [this](const QModelIndex &index) {
        return liveThings(m_liveModel->rowAt(index.row()), index.column(), m_controller.releases());
    });
    desk.serveRows(*m_lately, [this](const QModelIndex &index) {
        return m_controller.lately().value(index.row() - m_unheardRows).about;
    });
    connect(m_copyForChat, &QPushButton::clicked, &desk, [&desk, release] {
        for (const Thing &thing : release())
            desk.copyForChat(thing);
    });
    m_copyForChat->show();
}

void ReleasePage::setReminders(Reminders &reminders)
{
    const auto follow = [this, &reminders] {
        m_reminder->setStandings(reminders.standings());
    };
    connect(&reminders, &Reminders::changed, this, follow);
    connect(m_reminder, &ReminderCard::showRequested, this, &ReleasePage::migrationsRequested);
    follow();
}

void ReleasePage::setTracks(const QList<RolloutController *> &tracks)
{
    m_liveMenu->setTracks(tracks);
}

void ReleasePage::requestShown(CompareSection first)
{
    if (m_diff.pair())
        Q_EMIT compareRequested(*m_diff.pair(), first);
}

void ReleasePage::refresh()
{
    const bool known = !m_controller.shown().value.isEmpty() || !m_controller.live().isEmpty();
    m_stack->setCurrentIndex(known ? 1 : 0);
    if (!known) {
        if (const auto unread = m_controller.sources().unread())
            m_loading->showError(*unread, tr("The other pages go on working."), tr("Read Again"));
        else
            m_loading->showLoading(tr("the repository and the tracks"));
        return;
    }
    m_next->setRows(m_controller.next());
    const QList<LiveRow> &live = m_controller.live();
    m_liveModel->setRows({live.begin(), live.end()});
    m_liveMenu->refresh();
    const int header = m_live->horizontalHeader()->sizeHint().height();
    m_live->setFixedHeight(header + rowHeight * std::max(1, int(live.size())) + 2);
    m_livePanel->setRemark(live.isEmpty() ? tr("no track in pilothouse.yaml") : QString());

    QList<PillStrip::Item> gates;
    for (const Gate &gate : m_controller.gates())
        gates << gateItem(gate);
    m_gates->setItems(gates);
    m_gatesPanel->setRemark(gates.isEmpty() ? tr("no run of this commit is known yet") : QString());

    QList<PillStrip::Item> path;
    for (const PathChip &chip : m_controller.path()) {
        const StatusLook look = lookOf(chip.status);
        path << PillStrip::Item{
            look.tone, look.icon,
            chip.took ? QStringLiteral("%1 %2").arg(chip.name, durationText(*chip.took))
                      : chip.name,
            look.word};
    }
    m_path->setItems(path);
    const auto machine = m_controller.machineTime();
    m_pathPanel->setRemark(machine ? tr("machine time %1").arg(durationText(*machine))
                                   : tr("nothing has run for this commit yet"));
}

void ReleasePage::refreshLately()
{
    const int scroll = m_lately->currentRow();
    m_lately->clear();
    for (const Unheard &unheard : m_controller.unheard())
        m_lately->addItem(unheardItem(unheard));
    m_unheardRows = m_lately->count();
    for (const LatelyLine &line : m_controller.lately())
        m_lately->addItem(new QListWidgetItem(themedIcon(latelyIcon(line.source), ColorRole::Muted),
                                              latelyText(line)));
    if (m_lately->count() == 0)
        m_lately->addItem(
            tr("Nothing yet. What people, runs and alerts do will stand here, newest first."));
    m_lately->setCurrentRow(scroll);
}

} // namespace pilothouse
