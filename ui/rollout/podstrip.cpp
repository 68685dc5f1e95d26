#include "ui/rollout/podstrip.h"

#include "release/pods/trackpods.h"
#include "rollout/rolloutcontroller.h"
#include "ui/widgets/icon.h"
#include "ui/widgets/ink.h"
#include "ui/widgets/panel.h"
#include "ui/widgets/spacing.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QStringListModel>
#include <QVBoxLayout>

namespace pilothouse {
namespace {

constexpr int longestShown = 240;
constexpr int podNameLength = 29; // wide letters: a name with both of its hashes

QPushButton *logButton(const char *objectName, const QString &text)
{
    auto *button = new QPushButton(themedIcon(QStringLiteral("scroll-text")), text);
    button->setObjectName(QLatin1String(objectName));
    return button;
}

QString readyWords(const QString &name, const RevisionState &revision)
{
    const QString commit = revision.commit.value.isEmpty() ? PodStrip::tr("unknown commit")
                                                           : shortSha(revision.commit);
    if (revision.wantedReplicas <= 0)
        return PodStrip::tr("%1 %2  scales by itself").arg(name, commit);
    QString ready = PodStrip::tr("%1 %2  %3/%4 ready")
                        .arg(name, commit)
                        .arg(revision.readyReplicas)
                        .arg(revision.wantedReplicas);
    if (!revision.restarts)
        return ready;
    return *revision.restarts == 1
               ? PodStrip::tr("%1, 1 restart").arg(ready)
               : PodStrip::tr("%1, %2 restarts").arg(ready).arg(*revision.restarts);
}

QString errorTime(const QDateTime &utc)
{
    return utc.toLocalTime().toString(QStringLiteral("HH:mm:ss"));
}

QString shortened(const QString &text)
{
    return text.size() <= longestShown ? text : text.left(longestShown - 1) + QChar(0x2026);
}

} // namespace

PodStrip::PodStrip(RolloutController &track, QWidget *parent)
    : QWidget(parent), m_track(track), m_panel(new Panel(tr("Pods"))), m_words(new QLabel),
      m_error(new QLabel), m_errorLog(logButton("errorLogButton", tr("Log"))),
      m_podNames(new QStringListModel(this)), m_choice(new QComboBox),
      m_log(logButton("podLogButton", tr("Pod Log"))),
      m_programLog(logButton("programLogButton", tr("Log of %1").arg(track.programName())))
{
    for (QLabel *label : {m_words, m_error}) {
        label->setTextFormat(Qt::PlainText);
        label->setWordWrap(true);
    }
    m_words->setObjectName(QStringLiteral("podWords"));
    m_error->setObjectName(QStringLiteral("podError"));
    m_error->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_error->setFocusPolicy(Qt::NoFocus);
    // A wrapped text asks for the height of a narrow column, which would push the buttons of NEXT
    // out of the window.
    m_error->setMinimumHeight(m_error->fontMetrics().lineSpacing());
    m_choice->setObjectName(QStringLiteral("podChoice"));
    m_choice->setAccessibleName(tr("Pod"));
    // There may be thousands: neither is one item made for each, nor is each measured.
    m_choice->setModel(m_podNames);
    m_choice->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    m_choice->setMinimumContentsLength(podNameLength);
    m_panel->addAction(m_choice);
    m_panel->addAction(m_log);
    m_panel->addAction(m_programLog);
    m_programLog->hide();
    auto *errorRow = new QHBoxLayout;
    errorRow->setSpacing(spacing::Small);
    errorRow->addWidget(m_error, 1);
    errorRow->addWidget(m_errorLog, 0, Qt::AlignTop);
    m_panel->body()->addLayout(errorRow); // where there is one, it is what is looked for
    m_panel->body()->addWidget(m_words);
    m_error->hide();
    m_errorLog->hide();
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(m_panel);

    connect(m_log, &QPushButton::clicked, this, [this] {
        if (!m_choice->currentText().isEmpty())
            Q_EMIT podLogWanted(m_choice->currentText());
    });
    connect(m_errorLog, &QPushButton::clicked, this, [this] { Q_EMIT podLogWanted(m_errorPod); });
    connect(m_programLog, &QPushButton::clicked, this, &PodStrip::programLogWanted);
}

QString PodStrip::chosenPod() const
{
    return m_choice->currentText();
}

void PodStrip::choosePod(const QString &pod)
{
    const int index = m_choice->findText(pod);
    if (index >= 0)
        m_choice->setCurrentIndex(index);
}

QWidget &PodStrip::choice() const
{
    return *m_choice;
}

void PodStrip::setPods(TrackPods &pods)
{
    m_pods = &pods;
    connect(m_pods, &TrackPods::changed, this, &PodStrip::refresh);
    if (isVisible())
        m_pods->look(this);
    refresh();
}

void PodStrip::refresh()
{
    const auto &traffic = m_track.traffic();
    QStringList words;
    QStringList ready;
    QStringList pods;
    if (traffic) {
        const TrafficState &state = traffic->value;
        for (const auto *each : {&state.candidate, &state.stable}) {
            if (!*each)
                continue;
            const bool isStable = each == &state.stable;
            ready << readyWords(isStable ? tr("stable") : tr("candidate"), **each);
            if (isStable && m_pods) {
                if (const auto carry = m_pods->carry())
                    words << carry->words;
            }
            if ((*each)->mixed)
                words << tr("MIXED: two images behind one name");
            pods << (*each)->pods;
        }
    }
    if (!ready.isEmpty())
        words.prepend(ready.join(QStringLiteral("   ")));
    words << tr("way back: %1").arg(m_track.wayBack().words);
    // Which program there is may be known only with the traffic.
    m_programLog->setText(tr("Log of %1").arg(m_track.programName()));
    m_programLog->setVisible(!m_track.programName().isEmpty());
    m_words->setText(words.join(QLatin1Char('\n')));
    // Nor may its own lines be cut in their middle.
    m_words->setMinimumHeight(int(words.size()) * m_words->fontMetrics().lineSpacing());
    refreshChoice(pods);
    refreshError();
}

void PodStrip::refreshChoice(const QStringList &pods)
{
    if (m_podNames->stringList() != pods) {
        const QString current = m_choice->currentText();
        m_podNames->setStringList(pods);
        m_choice->setCurrentIndex(std::max(0, int(pods.indexOf(current))));
    }
    m_choice->setVisible(!pods.isEmpty());
    m_log->setVisible(!pods.isEmpty());
}

void PodStrip::refreshError()
{
    using State = PodErrorsView::State;
    const PodErrorsView view = m_pods ? m_pods->errors() : PodErrorsView{};
    m_errorPod = view.pod;
    m_errorLog->setVisible(view.state == State::Errors);
    m_errorLog->setToolTip(tr("The log of %1").arg(view.pod));
    m_error->setVisible(view.state != State::NoPods && view.state != State::Waiting);
    m_error->setToolTip(view.newest.text);
    switch (view.state) {
    case State::Errors:
        m_error->setText(
            tr("%1  %2  %3   ×\u00a0%4 since %5, %6/min")
                .arg(errorTime(view.newest.at), view.pod, shortened(errorMessage(view.newest.text)))
                .arg(view.count)
                .arg(errorTime(view.since))
                .arg(view.perMinute));
        setInk(m_error, view.perMinute > 0 ? ColorRole::Danger : ColorRole::Text);
        return;
    case State::Quiet:
        m_error->setText(view.pods == 1 ? tr("no error in the log of the pod")
                                        : tr("no error in the logs of %1 pods").arg(view.pods));
        setInk(m_error, ColorRole::Muted);
        return;
    case State::Unreadable:
        m_error->setText(tr("logs cannot be read: %1").arg(view.error));
        setInk(m_error, Tone::Warning);
        return;
    case State::NoPods:
    case State::Waiting:
        m_error->clear();
        return;
    }
}

void PodStrip::showEvent(QShowEvent *event)
{
    QWidget::showEvent(event);
    if (m_pods)
        m_pods->look(this);
}

void PodStrip::hideEvent(QHideEvent *event)
{
    QWidget::hideEvent(event);
    if (m_pods)
        m_pods->lookAway(this);
}

} // namespace pilothouse
