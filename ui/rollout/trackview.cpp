#include "ui/rollout/trackview.h"

#include "base/reading.h"
#include "logs/logcontroller.h"
#include "rollout/rolloutcontroller.h"
#include "ui/action/reasonlist.h"
#include "ui/logs/logpanel.h"
#include "ui/rollout/evidence/evidencedialog.h"
#include "ui/rollout/guardcontrols.h"
#include "ui/rollout/ownmenu.h"
#include "ui/rollout/plot/chartcolumn.h"
#include "ui/rollout/podstrip.h"
#include "ui/rollout/stagerail.h"
#include "ui/rollout/trackthings.h"
#include "ui/rollout/verdicttable.h"
#include "ui/rollout/weightbar.h"
#include "ui/things/thingdesk.h"
#include "ui/widgets/contentarea.h"
#include "ui/widgets/icon.h"
#include "ui/widgets/ink.h"
#include "ui/widgets/panel.h"
#include "ui/widgets/spacing.h"
#include "ui/widgets/stateview.h"
#include "ui/widgets/words.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QSplitter>
#include <QTableView>
#include <QVBoxLayout>

#include <algorithm>

namespace pilothouse {
namespace {

constexpr int mostVerdicts = 10 * spacing::Large;

QString revisionText(const std::optional<RevisionState> &revision)
{
    if (!revision)
        return TrackView::tr("none");
    return revision->commit.value.isEmpty() ? TrackView::tr("unknown commit")
                                            : shortSha(revision->commit);
}

QPushButton *actionButton(const char *objectName, const QString &icon)
{
    auto *button = new QPushButton;
    button->setObjectName(QLatin1String(objectName));
    button->setIcon(themedIcon(icon));
    return button;
}

void bind(QPushButton *button, const QString &text, const Permission &permission)
{
    button->setText(text);
    button->setEnabled(permission.allowed());
    button->setToolTip(permission.first(Reason::Kind::Blocks));
    button->setAccessibleDescription(button->toolTip());
}

/// What stands above NEXT. Its charts do with less than they would like before it scrolls.
class TrackFacts final : public QWidget
{
public:
    [[nodiscard]] int heightForWidth(int width) const override
    {
        return ContentArea::leastHeight(*this, width);
    }
};

} // namespace

TrackView::TrackView(RolloutController &track, LogController &podLogs, QWidget *parent)
    : QWidget(parent), m_track(track), m_podLogs(podLogs), m_heading(new Panel(QString())),
      m_rail(new StageRail), m_weights(new WeightBar), m_progress(new QLabel),
      m_nextDeploy(new QLabel), m_problem(new QLabel), m_stillAble(new QLabel),
      m_guard(new GuardControls(track, this)), m_charts(new Panel(tr("Metrics"))),
      m_chartColumn(new ChartColumn), m_noCharts(new StateView), m_verdicts(new VerdictModel(this)),
      m_verdictTable(new QTableView), m_verdictAge(new QLabel), m_pods(new PodStrip(track)),
      m_log(new LogPanel(podLogs)), m_next(new Panel(tr("Next"))), m_sentence(new QLabel),
      m_blocked(new QLabel), m_reasons(new ReasonList),
      m_rollBackButton(actionButton("rollBackButton", QStringLiteral("undo-2"))),
      m_backButton(actionButton("backButton", QStringLiteral("rotate-ccw"))),
      m_holdButton(actionButton("holdButton", QStringLiteral("hand"))),
      m_retireButton(actionButton("retireButton", QStringLiteral("ban"))),
      m_more(new OwnMenu(track)),
      m_promoteButton(actionButton("promoteButton", QStringLiteral("arrow-right"))),
      m_copyForChat(actionButton("copyTrackForChatButton", QStringLiteral("copy")))
{
    setObjectName(QStringLiteral("trackView-%1").arg(track.track().value));
    for (QLabel *label :
         {m_progress, m_nextDeploy, m_sentence, m_blocked, m_problem, m_stillAble, m_verdictAge})
        label->setTextFormat(Qt::PlainText);
    for (QLabel *label : {m_progress, m_nextDeploy, m_sentence, m_blocked, m_problem, m_stillAble})
        label->setWordWrap(true);
    m_weights->setObjectName(QStringLiteral("weightBar"));
    m_progress->setObjectName(QStringLiteral("progressLabel"));
    m_stillAble->setObjectName(QStringLiteral("stillAbleLabel"));
    m_nextDeploy->setObjectName(QStringLiteral("nextDeployLabel"));
    m_sentence->setObjectName(QStringLiteral("nextSentence"));

    m_heading->body()->addWidget(m_stillAble);
    m_heading->body()->addWidget(m_rail);
    auto *weights = new QHBoxLayout;
    weights->setSpacing(spacing::Large);
    weights->addWidget(m_weights, 0, Qt::AlignVCenter);
    weights->addWidget(m_nextDeploy, 1, Qt::AlignVCenter);
    m_heading->body()->addLayout(weights);
    m_heading->body()->addWidget(m_progress);
    m_heading->body()->addWidget(m_problem);
    m_heading->body()->addWidget(m_guard->trouble());
    m_heading->addAction(m_guard->words());

    m_charts->addAction(m_chartColumn->controls());
    m_charts->body()->addWidget(m_chartColumn, 1);
    m_charts->body()->addWidget(m_noCharts, 1);

    m_verdictTable->setObjectName(QStringLiteral("verdictTable"));
    // As high as its rows, and no lower: two bars in one another would be one too many.
    m_verdictTable->setSizeAdjustPolicy(QAbstractScrollArea::AdjustToContents);
    m_verdictTable->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::MinimumExpanding);
    setUpVerdictTable(m_verdictTable, m_verdicts);
    auto *verdicts = new Panel(tr("Checks"));
    auto *evidence = new QPushButton(tr("Evidence"));
    evidence->setObjectName(QStringLiteral("evidenceButton"));
    evidence->setToolTip(tr("What the verdicts rest on: series, samples, difference"));
    auto *past = new QPushButton(tr("Judge a Past Window"));
    past->setObjectName(QStringLiteral("pastWindowButton"));
    past->setToolTip(tr("The same checks over a time that a candidate held a weight"));
    connect(evidence, &QPushButton::clicked, this, &TrackView::showEvidence);
    connect(past, &QPushButton::clicked, this, &TrackView::showPastWindows);
    verdicts->addAction(m_verdictAge);
    verdicts->addAction(evidence);
    verdicts->addAction(past);
    verdicts->body()->addWidget(m_verdictTable, 1);

    m_log->hide();

    auto *right = new QWidget;
    auto *rightColumn = new QVBoxLayout(right);
    rightColumn->setContentsMargins(0, 0, 0, 0);
    rightColumn->setSpacing(spacing::Small);
    rightColumn->addWidget(verdicts, 1);
    rightColumn->addWidget(m_pods);
    auto *middle = new QSplitter(Qt::Horizontal);
    middle->setHandleWidth(spacing::Small);
    middle->setChildrenCollapsible(false);
    middle->addWidget(m_charts);
    middle->addWidget(right);
    middle->setStretchFactor(0, 3);
    middle->setStretchFactor(1, 2);
    middle->setSizes({600, 400});
    auto *upper = new QSplitter(Qt::Vertical);
    upper->setHandleWidth(spacing::Small);
    upper->setChildrenCollapsible(false);
    upper->addWidget(middle);
    upper->addWidget(m_log);

    auto *facts = new TrackFacts;
    auto *above = new QVBoxLayout(facts);
    above->setContentsMargins(0, 0, 0, 0);
    above->setSpacing(spacing::Small);
    above->addWidget(m_heading);
    above->addWidget(upper, 1);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(spacing::Small);
    m_above = new ContentArea(facts);
    m_above->setObjectName(QStringLiteral("trackFacts"));
    m_above->setAccessibleName(tr("State of the track"));
    column->addWidget(m_above, 1);
    column->addWidget(makeNext());

    connect(&m_track, &RolloutController::changed, this, &TrackView::refresh);
    connect(&m_track, &RolloutController::chartsChanged, this, &TrackView::refreshCharts);
    connect(&m_track, &RolloutController::sourceChanged, this, &TrackView::refreshCharts);
    m_chartColumn->setReach(std::chrono::hours(7 * 24), m_track.sampleStep());
    connect(m_chartColumn, &ChartColumn::historyWanted, &m_track, &RolloutController::drawHistory);
    connect(&m_track, &RolloutController::historyDrawn, m_chartColumn, &ChartColumn::setHistory);
    connect(m_chartColumn, &ChartColumn::remarkChanged, this, &TrackView::refreshChartRemark);
    connect(m_noCharts, &StateView::retryRequested, &m_track, &RolloutController::refresh);
    connect(m_pods, &PodStrip::podLogWanted, this, &TrackView::openPodLog);
    connect(m_pods, &PodStrip::programLogWanted, this, &TrackView::openProgramLog);
    connect(m_promoteButton, &QPushButton::clicked, this, &TrackView::promote);
    connect(m_rollBackButton, &QPushButton::clicked, this, &TrackView::rollBack);
    connect(m_backButton, &QPushButton::clicked, this, &TrackView::back);
    connect(m_holdButton, &QPushButton::clicked, this, &TrackView::hold);
    connect(m_retireButton, &QPushButton::clicked, this, &TrackView::retire);
    connect(&Theme::instance(), &Theme::changed, this, &TrackView::refresh);
    refresh();
    refreshCharts();
}

int TrackView::heightForWidth(int width) const
{
    return ContentArea::leastHeight(*this, width);
}

QWidget *TrackView::makeNext()
{
    QFont strong = Theme::instance().textFont();
    strong.setWeight(QFont::DemiBold);
    m_sentence->setFont(strong);
    auto *buttons = new QHBoxLayout;
    buttons->setSpacing(spacing::Small);
    buttons->addWidget(m_rollBackButton);
    buttons->addWidget(m_backButton);
    buttons->addWidget(m_holdButton);
    buttons->addWidget(m_guard->button());
    buttons->addWidget(m_retireButton);
    buttons->addWidget(m_more);
    buttons->addStretch(1);
    buttons->addWidget(m_blocked, 2);
    buttons->addWidget(m_promoteButton);
    m_blocked->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    m_rollBackButton->setToolTip(tr("Ctrl+Shift+R"));
    m_reasons->setShape(ReasonList::Shape::ForBeside);
    m_copyForChat->setText(tr("Copy for Chat"));
    m_copyForChat->hide();
    m_next->addAction(m_copyForChat);
    m_next->body()->addWidget(m_sentence);
    m_next->body()->addWidget(m_reasons);
    m_next->body()->addLayout(buttons);
    return m_next;
}

void TrackView::refresh()
{
    const auto &traffic = m_track.traffic();
    m_heading->setTitle(tr("%1 · %2").arg(m_track.track().value, m_track.systemName()));
    if (traffic)
        m_heading->setRemark(
            tr("stable %1   candidate %2")
                .arg(revisionText(traffic->value.stable), revisionText(traffic->value.candidate)));
    else
        m_heading->setRemark(tr("not read yet"));
    m_rail->setStages(m_track.stages());
    refreshWeights();
    refreshNextDeploy();
    m_pods->refresh();

    const QList<CheckResult> verdicts = m_track.verdicts();
    m_verdicts->setRows({verdicts.begin(), verdicts.end()});
    // The page scrolls before a few rows do.
    m_verdictTable->setMinimumHeight(std::min(m_verdictTable->sizeHint().height(), mostVerdicts));
    const auto judged = m_track.judgedAge();
    m_verdictAge->setText(judged ? tr("judged %1").arg(agoText(*judged)) : tr("not judged yet"));
    setInk(m_verdictAge, ColorRole::Muted);

    const NextAction next = m_track.nextAction();
    const Permission promote = m_track.mayPromote();
    m_sentence->setText(next.sentence);
    setInk(m_sentence,
           next.kind == NextAction::Kind::RollBack ? ColorRole::Danger : ColorRole::Text);
    m_next->setRemark(ReasonList::summary(promote));
    m_reasons->setPermission(promote);
    bind(m_promoteButton, m_track.promoteLabel(), promote);
    bind(m_rollBackButton, m_track.rollbackLabel(), m_track.mayRollBack());
    bind(m_backButton, m_track.backLabel(), m_track.mayGoBack());
    bind(m_holdButton, m_track.hold() ? tr("Lift Hold…") : tr("Hold…"), m_track.mayHold());
    bind(m_retireButton, tr("Retire Way Back…"), m_track.mayRetire());
    m_retireButton->setVisible(m_track.mayRetire().allowed());
    m_backButton->setVisible(m_track.mayGoBack().allowed());
    m_more->refresh();
    const QString why = promote.first(Reason::Kind::Blocks);
    m_blocked->setText(promote.allowed() ? QString() : tr("off: %1").arg(firstSentence(why)));
    m_blocked->setToolTip(why);
    setInk(m_blocked, ColorRole::Muted);
}

void TrackView::refreshWeights()
{
    const WeightView weights = m_track.weights();
    const QString progress = m_track.traffic() ? m_track.traffic()->value.progress : QString();
    m_progress->setText(progress);
    setInk(m_progress, ColorRole::Muted);
    m_progress->setVisible(!progress.isEmpty());
    QStringList problems;
    if (!weights.problem.isEmpty())
        problems << weights.problem;
    if (const auto hold = m_track.hold())
        problems << tr("Held by %1 since %2: %3")
                        .arg(hold->by, hold->since.toLocalTime().toString(QStringLiteral("HH:mm")),
                             hold->why);
    const SourceState source = m_track.trafficSource();
    if (isLost(source) && source.error)
        problems << source.error->message;
    const bool idle
        = m_track.traffic() && weights.asked == Weight{0} && weights.accepted == Weight{0};
    m_chartColumn->setCandidate(idle ? MetricChart::Candidate::Idle
                                     : MetricChart::Candidate::Serves);
    // What is old must not look fresh.
    m_weights->setWeights(weights, source.health == SourceState::Health::Live
                                       ? WeightBar::Age::Fresh
                                       : WeightBar::Age::Old);
    m_problem->setText(problems.join(QLatin1Char('\n')));
    setInk(m_problem, Tone::Warning);
    m_problem->setVisible(!problems.isEmpty());
    QStringList able;
    for (const StillAble &each : m_track.runs().stillAble)
        able << tr("STILL ABLE TO PROMOTE: %1").arg(each.text());
    m_stillAble->setText(able.join(QLatin1Char('\n')));
    setInk(m_stillAble, Tone::Danger);
    m_stillAble->setVisible(!able.isEmpty());
}

void TrackView::refreshNextDeploy()
{
    using Kind = NextDeploy::Kind;
    const auto &traffic = m_track.traffic();
    if (traffic && traffic->value.onLatest) {
        // What is known of the next deploy is known for a weight that a console has pinned.
        m_nextDeploy->setText(tr("Then: traffic follows LATEST, so the next deploy gets all of it "
                                 "at once and is no canary. More… pins it."));
        setInk(m_nextDeploy, Tone::Warning);
        m_nextDeploy->show();
        return;
    }
    const bool isKnown = traffic && traffic->value.nextDeploy
                         && traffic->value.nextDeploy->kind != Kind::NoDeploys;
    m_nextDeploy->setVisible(isKnown);
    if (!isKnown)
        return;
    const NextDeploy next = nextDeployAt(*traffic->value.nextDeploy, traffic->value.asked.percent);
    m_nextDeploy->setText(tr("Then: %1").arg(next.words));
    if (next.kind == Kind::Overwrites || next.kind == Kind::Conflicts)
        setInk(m_nextDeploy, Tone::Warning);
    else
        setInk(m_nextDeploy, ColorRole::Muted);
}

void TrackView::refreshCharts()
{
    const QList<ChartSeries> &charts = m_track.charts();
    const qsizetype count = charts.size();
    m_chartColumn->setCharts(charts, m_track.chartsFrom(), m_track.chartsTo());
    m_chartColumn->setVisible(count > 0);
    refreshMarks();
    m_noCharts->setVisible(count == 0);
    const SourceState metrics = m_track.metricsSource();
    if (count == 0) {
        if (metrics.error)
            m_noCharts->showError(*metrics.error, tr("Rolling back needs no metrics."),
                                  tr("Read Again"));
        else if (metrics.health == SourceState::Health::NotSetUp)
            m_noCharts->showEmpty(
                tr("No metrics server"),
                tr("Add “prometheus” and “analysis” to pilothouse.yaml: without them "
                   "nothing is judged and every promotion says so."));
        else
            m_noCharts->showLoading(tr("Prometheus"));
    }
    refreshChartRemark();
}

void TrackView::refreshMarks()
{
    m_chartColumn->setMarks(weightMarks(m_track.marks()) + alertMarks(m_track.firings())
                            + m_databaseMarks);
}

void TrackView::setDatabaseSteps(const QList<ChartMark> &steps)
{
    m_databaseMarks = steps;
    refreshMarks();
}

void TrackView::choosePod(const QString &pod)
{
    m_pods->choosePod(pod);
}

void TrackView::setThings(ThingDesk &desk)
{
    desk.serve(*this, [this] { return trackThings(m_track); });
    desk.serve(*m_charts, [this] { return alertThings(m_track); });
    for (QWidget *widget : std::initializer_list<QWidget *>{m_pods, &m_pods->choice()})
        desk.serve(*widget, [this] { return podThings(m_track, m_pods->chosenPod()); });
    connect(m_copyForChat, &QPushButton::clicked, &desk,
            [this, &desk] { desk.copyForChat(trackThings(m_track).first()); });
    m_copyForChat->show();
}

void TrackView::refreshChartRemark()
{
    const SourceState metrics = m_track.metricsSource();
    QStringList remark;
    if (metrics.error && metrics.lastGoodSinceBoot.count() > 0)
        remark << tr("LOST, as of %1")
                      .arg(m_track.chartsTo().toLocalTime().toString(QStringLiteral("HH:mm:ss")));
    if (const QString seen = m_chartColumn->remark(); !seen.isEmpty())
        remark << seen;
    for (const Alert &alert : m_track.alerts()) {
        if (alert.isFiring())
            remark << tr("ALERT %1 since %2")
                          .arg(alert.name,
                               alert.activeAt.toLocalTime().toString(QStringLiteral("HH:mm:ss")));
    }
    // A server that is lost tells nothing at all, and that is said.
    if (const auto &error = m_track.firingsError(); error && !metrics.error)
        remark << tr("earlier alerts not told: %1").arg(firstSentence(error->message));
    m_charts->setRemark(remark.join(QStringLiteral(" · ")));
}

void TrackView::setPods(TrackPods &pods)
{
    m_pods->setPods(pods);
}

void TrackView::showLog()
{
    m_log->show();
    m_above->keepInView(*m_log);
}

void TrackView::openPodLog(const QString &pod)
{
    showLog();
    m_podLogs.open(PodLog{m_track.track(), pod, {}}, pod);
}

void TrackView::openProgramLog()
{
    showLog();
    m_podLogs.open(ProgramLog{m_track.track()},
                   tr("%1 · %2").arg(m_track.programName(), m_track.track().value));
}

void TrackView::showEvidence()
{
    if (!m_evidence)
        m_evidence = new EvidenceDialog(m_track, window());
    m_evidence->showLive(m_verdictTable->currentIndex().row());
}

void TrackView::showPastWindows()
{
    if (!m_evidence)
        m_evidence = new EvidenceDialog(m_track, window());
    m_evidence->showNewestPast();
}

void TrackView::showEvent(QShowEvent *event)
{
    QWidget::showEvent(event);
    m_track.look(this);
}

void TrackView::hideEvent(QHideEvent *event)
{
    QWidget::hideEvent(event);
    m_track.lookAway(this);
}

} // namespace pilothouse
