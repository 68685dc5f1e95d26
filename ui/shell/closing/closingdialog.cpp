#include "ui/shell/closing/closingdialog.h"

#include "ui/widgets/codeview.h"
#include "ui/widgets/environmentband.h"
#include "ui/widgets/icon.h"
#include "ui/widgets/ink.h"
#include "ui/widgets/spacing.h"
#include "ui/widgets/words.h"

#include <QApplication>
#include <QClipboard>
#include <QDialogButtonBox>
#include <QGridLayout>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

namespace pilothouse {
namespace {

constexpr int closingWidth = 840;
constexpr int closingLabelWidth = 104;
constexpr int closingButtonWidth = 192;
constexpr int closingTextWidth = closingWidth - closingLabelWidth - closingButtonWidth
                                 - 3 * spacing::Small - 3 * spacing::Medium;

QString sideWords(const CommitId &commit, int percent)
{
    const QString name
        = commit.value.isEmpty() ? ClosingDialog::tr("unknown commit") : shortSha(commit);
    return ClosingDialog::tr("%1 %2 %").arg(name).arg(percent);
}

QString trafficWords(const LeftTrack &track, const QDateTime &now)
{
    QString text = ClosingDialog::tr("candidate %1 · stable %2")
                       .arg(sideWords(track.candidate, track.weight.percent),
                            sideWords(track.stable, 100 - track.weight.percent));
    if (track.since.isValid())
        text += ClosingDialog::tr(", since %1").arg(whenText(track.since, now));
    if (!track.by.isEmpty())
        text += ClosingDialog::tr(" by %1").arg(track.by);
    return text;
}

QString rollBackName(const TrackName &track)
{
    return QStringLiteral("rollBack-%1").arg(track.value);
}

QString guardWords(const LeftTrack &track)
{
    if (!track.armedBy.isEmpty())
        return ClosingDialog::tr("its guard, armed by %1, ends with this window")
            .arg(track.armedBy);
    if (!track.elsewhere.isEmpty())
        return ClosingDialog::tr("its guard stays: %1").arg(track.elsewhere);
    return track.guard.isEmpty() ? ClosingDialog::tr("no guard: nobody rolls back but a person")
                                 : ClosingDialog::tr("no guard: %1").arg(track.guard);
}

} // namespace

ClosingDialog::ClosingDialog(const EnvironmentMark &environment, Headless headless,
                             const Clock &clock, QWidget *parent)
    : QDialog(parent), m_headless(headless), m_clock(clock), m_heading(new QLabel(this)),
      m_rows(new QWidget(this)), m_grid(new QGridLayout(m_rows)), m_choices(new QLabel(this)),
      m_commands(new CodeView(this)), m_notice(new QLabel(this))
{
    setObjectName(QStringLiteral("closingDialog"));
    setWindowTitle(tr("Close the window?"));
    setModal(true);
    setMinimumWidth(closingWidth);

    auto *band = new EnvironmentBand(this);
    band->setEnvironment(environment);
    band->setTexts({}, windowTitle());
    m_heading->setObjectName(QStringLiteral("closingHeading"));
    m_heading->setWordWrap(true);
    QFont bold = m_heading->font();
    bold.setWeight(QFont::DemiBold);
    m_heading->setFont(bold);
    m_choices->setObjectName(QStringLiteral("closingChoices"));
    m_choices->setWordWrap(true);
    setInk(m_choices, ColorRole::Muted);
    m_commands->setAccessibleName(tr("Commands that guard without a window"));
    m_commands->setTabChangesFocus(true);
    m_commands->setFocusPolicy(Qt::ClickFocus);
    m_notice->setObjectName(QStringLiteral("closingNotice"));
    m_notice->setWordWrap(true);
    m_notice->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_notice->hide();
    m_grid->setContentsMargins(0, 0, 0, 0);
    m_grid->setHorizontalSpacing(spacing::Small);
    m_grid->setVerticalSpacing(spacing::Hair);
    m_grid->setColumnStretch(2, 1);

    auto *buttons = new QDialogButtonBox(this);
    const auto add
        = [buttons](const QString &text, QDialogButtonBox::ButtonRole role, const QString &name) {
              QPushButton *button = buttons->addButton(text, role);
              button->setObjectName(name);
              button->setAutoDefault(false);
              return button;
          };
    m_copy = add(tr("Copy Command"), QDialogButtonBox::ResetRole, QStringLiteral("copyCommand"));
    m_copy->setIcon(themedIcon(QStringLiteral("copy")));
    m_leave = add({}, QDialogButtonBox::ActionRole, QStringLiteral("leaveButton"));
    m_arm = add(tr("Arm a Headless Guard"), QDialogButtonBox::ActionRole,
                QStringLiteral("armButton"));
    m_arm->setIcon(themedIcon(QStringLiteral("shield-alert")));
    m_stay = add(tr("Stay"), QDialogButtonBox::RejectRole, QStringLiteral("stayButton"));
    connect(m_copy, &QPushButton::clicked, this,
            [this] { QApplication::clipboard()->setText(m_commands->toPlainText()); });
    connect(m_leave, &QPushButton::clicked, this, &ClosingDialog::leaveChosen);
    connect(m_arm, &QPushButton::clicked, this, &ClosingDialog::armChosen);
    connect(m_stay, &QPushButton::clicked, this, &QDialog::reject);

    auto *inner = new QVBoxLayout;
    inner->setContentsMargins(spacing::Medium, spacing::Medium, spacing::Medium, spacing::Medium);
    inner->setSpacing(spacing::Small + spacing::Hair);
    inner->addWidget(m_heading);
    inner->addWidget(m_rows);
    inner->addWidget(m_choices);
    inner->addWidget(m_commands);
    inner->addStretch(1);
    inner->addWidget(m_notice);
    inner->addWidget(buttons);
    auto *outer = new QVBoxLayout(this);
    outer->setContentsMargins(0, 0, 0, 0);
    outer->addWidget(band);
    outer->addLayout(inner);
    m_stay->setFocus();
}

/// Left to itself, its height is that of the narrower width that its texts would ask for.
void ClosingDialog::showEvent(QShowEvent *event)
{
    resize(closingWidth, layout()->totalHeightForWidth(closingWidth));
    QDialog::showEvent(event);
}

void ClosingDialog::setLeaving(const Leaving &leaving)
{
    // Time alone makes no other picture: what has the focus keeps it.
    if (leaving == m_leaving && m_grid->count() > 0)
        return;
    m_leaving = leaving;
    fill();
}

void ClosingDialog::setNotice(Tone tone, const QString &text)
{
    setInk(m_notice, tone);
    m_notice->setText(text);
    m_notice->setVisible(!text.isEmpty());
}

void ClosingDialog::setUnderWay(bool underWay)
{
    m_underWay = underWay;
    updateButtons();
}

void ClosingDialog::fill()
{
    while (QLayoutItem *item = m_grid->takeAt(0)) {
        delete item->widget();
        delete item;
    }
    for (const LeftTrack &track : std::as_const(m_leaving.tracks))
        addTrack(track);
    for (const LeftStep &step : std::as_const(m_leaving.steps))
        addStep(step);
    m_rows->setVisible(!m_leaving.isNothing());
    m_heading->setText(m_leaving.isNothing()       ? tr("Nothing is in flight any more.")
                       : m_leaving.leavesTraffic() ? tr("A rollout is in flight.")
                       : m_leaving.steps.isEmpty() ? tr("A guard is armed.")
                                                   : tr("A step is running."));
    fillCommands();
    updateButtons();
    adjustSize();
}

void ClosingDialog::addRow(const QString &label, const QString &icon, Tone tone,
                           const QString &text)
{
    const int line = m_grid->rowCount();
    auto *name = new QLabel(label, m_rows);
    name->setMinimumWidth(closingLabelWidth);
    setInk(name, ColorRole::Muted);
    auto *mark = new QLabel(m_rows);
    mark->setFixedWidth(spacing::Medium);
    if (!icon.isEmpty())
        mark->setPixmap(themedPixmap(icon, Theme::instance().color(tone), 14, devicePixelRatioF()));
    auto *words = new QLabel(text, m_rows);
    words->setTextFormat(Qt::PlainText);
    words->setWordWrap(true);
    words->setTextInteractionFlags(Qt::TextSelectableByMouse);
    setInk(words, tone);
    // A wrapped label asks for one line unless it is told how wide it will be.
    words->setMinimumHeight(words->heightForWidth(closingTextWidth));
    m_grid->addWidget(name, line, 0, Qt::AlignTop);
    m_grid->addWidget(mark, line, 1, Qt::AlignTop);
    m_grid->addWidget(words, line, 2);
}

void ClosingDialog::addTrack(const LeftTrack &track)
{
    const QString warning = QStringLiteral("triangle-alert");
    const int first = m_grid->rowCount();
    if (track.inFlight)
        addRow(track.track.value, {}, Tone::Neutral, trafficWords(track, m_clock.now()));
    if (track.underWay)
        addRow(track.inFlight ? QString() : track.track.value, warning, Tone::Warning,
               tr("something that was confirmed is still under way: what came of it is looked at "
                  "when the console starts again"));
    if (!track.inFlight && track.armedBy.isEmpty())
        return;
    addRow(track.inFlight || track.underWay ? QString() : track.track.value, warning, Tone::Warning,
           guardWords(track));
    if (track.inFlight)
        addRollBack(track, first);
}

void ClosingDialog::addRollBack(const LeftTrack &track, int line)
{
    auto *roll = new QPushButton(themedIcon(QStringLiteral("undo-2")), track.rollBack, m_rows);
    roll->setObjectName(rollBackName(track.track));
    roll->setAutoDefault(false);
    roll->setMinimumWidth(closingButtonWidth);
    roll->setToolTip(track.whyNot.isEmpty() ? tr("Opens the confirmation; the window stays")
                                            : track.whyNot);
    roll->setAccessibleDescription(roll->toolTip());
    connect(roll, &QPushButton::clicked, this,
            [this, name = track.track] { Q_EMIT rollBackChosen(name); });
    m_grid->addWidget(roll, line, 3, m_grid->rowCount() - line, 1, Qt::AlignTop);
    m_grid->setRowMinimumHeight(m_grid->rowCount(), spacing::Hair);
}

void ClosingDialog::addStep(const LeftStep &step)
{
    addRow(tr("schema"), QStringLiteral("triangle-alert"), Tone::Warning,
           tr("%1 of %2 is running. A batch commits or rolls back as a whole; a backfill goes on "
              "from its "
              "cursor at the next start")
               .arg(step.step, step.change));
}

void ClosingDialog::fillCommands()
{
    QStringList commands;
    for (const LeftTrack &track : std::as_const(m_leaving.tracks)) {
        if (track.inFlight && !track.headless.isEmpty())
            commands << track.headless;
    }
    const bool offered = !commands.isEmpty();
    const bool tells = offered && m_headless == Headless::TellCommand;
    m_arm->setVisible(offered && !tells);
    m_copy->setVisible(offered);
    m_commands->setVisible(offered);
    m_commands->setCode(commands.join(QLatin1Char('\n')), QStringLiteral("Bash"));
    m_commands->setFixedHeight(int(commands.size()) * m_commands->fontMetrics().lineSpacing()
                               + spacing::Medium);
    if (tells)
        m_choices->setText(
            tr("pilothouse-cli is not beside this program: to guard without a window, run this "
               "where it is. Leaving it so is written into the journal."));
    else if (offered)
        m_choices->setText(tr(
            "A headless guard is a program of its own: it rolls back by itself, watches until the "
            "rollout is over, and only while this computer is awake. The window closes when "
            "it says that it watches. Leaving it so is written into the journal."));
    else
        m_choices->setText(m_leaving.tracks.isEmpty()
                               ? QString()
                               : tr("Leaving it so is written into the journal."));
    m_choices->setVisible(!m_choices->text().isEmpty());
}

void ClosingDialog::updateButtons()
{
    m_leave->setText(m_leaving.tracks.isEmpty() ? tr("Close the Window") : tr("Leave It So"));
    for (QPushButton *button : {m_leave, m_arm})
        button->setEnabled(!m_underWay);
    for (const LeftTrack &track : std::as_const(m_leaving.tracks)) {
        if (auto *roll = m_rows->findChild<QPushButton *>(rollBackName(track.track)))
            roll->setEnabled(!m_underWay && track.whyNot.isEmpty());
    }
    // Set here, after the button box is laid out, because the box sets its own.
    m_stay->setDefault(true);
}

} // namespace pilothouse
