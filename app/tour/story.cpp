#include "app/tour/story.h"

#include "app/console/workspacewindow.h"
#include "app/tour/guide.h"
#include "app/tour/lostnight.h"
#include "app/tour/sandboxprocess.h"
#include "app/wiring/console.h"
#include "logs/logcontroller.h"
#include "migration/migrationcontroller.h"
#include "pipeline/pipelinecontroller.h"
#include "release/moving/movingrunsdesk.h"
#include "release/releasecontroller.h"
#include "rollout/rolloutcontroller.h"
#include "ui/action/confirmationdialog.h"
#include "ui/logs/logview.h"
#include "ui/oncall/oncallpage.h"
#include "ui/pipeline/graphview.h"
#include "ui/pipeline/pipelinepage.h"
#include "ui/shell/sourcechips.h"

#include <QApplication>
#include <QCheckBox>
#include <QComboBox>
#include <QTabBar>
#include <QTableView>
#include <QTest>

#include <algorithm>

namespace pilothouse {
namespace {

const ChangeKey &theChange()
{
    static const ChangeKey key{ChangeName(QStringLiteral("conversations-organization-id")),
                               QStringLiteral("context")};
    return key;
}

} // namespace

Story::Story(Guide &guide, WorkspaceWindow &workspace, SandboxProcess &sandbox)
    : m_guide(guide), m_workspace(workspace), m_sandbox(sandbox),
      m_track(QStringLiteral("standalone"))
{}

void Story::tell()
{
    opening();
    redRun();
    allJobs();
    againstLastGreen();
    doctor();
    folding();
    acting();
    schemaStandsInTheWay();
    expand();
    goodRelease();
    badRelease();
    rollBack();
    contractRefused();
    contract();
    chosenByHand();
    history();
    darkRound();
    badWeather();
}

QString Story::shortOf(const QString &nickname) const
{
    return m_sandbox.state()
        .value(QLatin1String("commits"))
        .toObject()
        .value(nickname)
        .toString()
        .left(7);
}

void Story::page(int number)
{
    m_guide.key(Qt::Key(Qt::Key_0 + number), Qt::AltModifier);
    m_guide.expect(QStringLiteral("page %1 is shown").arg(number),
                   [&] { return m_workspace.window().page() == number - 1; });
}

void Story::showTrack(const QString &track)
{
    page(3);
    auto *tabs = qobject_cast<QTabBar *>(m_guide.find(QStringLiteral("trackTabs")));
    for (int i = 0; tabs && i < tabs->count(); ++i) {
        if (tabs->tabText(i) == track)
            m_guide.clickAt(*tabs, tabs->tabRect(i).center());
    }
    m_track = track;
    m_guide.expect(QStringLiteral("the canary of %1 is shown").arg(track), [&] {
        return m_guide.find(QStringLiteral("trackView-%1").arg(track)) != nullptr;
    });
}

void Story::chooseRelease(const QString &nickname)
{
    const QString wanted = shortOf(nickname);
    m_guide.expect(QStringLiteral("%1 can be chosen").arg(nickname), [&] {
        const auto *picker
            = qobject_cast<QComboBox *>(m_guide.find(QStringLiteral("releasePicker")));
        return picker && picker->findText(wanted, Qt::MatchStartsWith) >= 0;
    });
    m_guide.choose(QStringLiteral("releasePicker"), wanted);
    m_guide.expect(QStringLiteral("%1 is shown").arg(nickname),
                   [&] { return shortSha(m_workspace.console().release().shown()) == wanted; });
}

void Story::opening()
{
    m_guide.pictureAtOnce(
        QStringLiteral("first-paint"),
        QStringLiteral("The window before any answer: the layout at once, never a spinner alone"));
    for (const QString &source :
         {QStringLiteral("GitHub"), QStringLiteral("Kubernetes"), QStringLiteral("Cloud Run"),
          QStringLiteral("Prometheus"), QStringLiteral("PostgreSQL")}) {
        m_guide.expect(
            QStringLiteral("%1 answers").arg(source),
            [&] {
                const QString word = m_workspace.window().chips().wordOf(source);
                return !word.isEmpty() && word != QLatin1String("connecting")
                       && !word.startsWith(QLatin1String("lost"))
                       && word != QLatin1String("not set up");
            },
            patience);
    }
    m_guide.expect(QStringLiteral("what is live is told"), [&] {
        const QList<LiveRow> &live = m_workspace.console().release().live();
        return live.size() >= 2 && live[0].stable
               && shortSha(live[0].stable->commit) == shortOf(QStringLiteral("4be81c0"));
    });
    m_guide.note(QStringLiteral("tracks"), int(m_workspace.console().tracks().size()));
    page(5);
    // What others did, the systems remember; of this machine there is nothing yet.
    m_guide.click(QStringLiteral("othersDeeds"));
    m_guide.expect(QStringLiteral("nothing was done from here yet"),
                   [&] { return m_guide.find(QStringLiteral("journalTable")) == nullptr; });
    m_guide.picture(
        QStringLiteral("empty"),
        QStringLiteral("Nothing was done yet: an empty page says what will stand here"));
    m_guide.click(QStringLiteral("othersDeeds"));
    page(1);
    m_guide.picture(QStringLiteral("release"),
                    QStringLiteral("Release: what is next, what is live, what happened lately"));
}

void Story::schemaStandsInTheWay()
{
    chooseRelease(QStringLiteral("9f3c2a1"));
    const QString good = shortOf(QStringLiteral("9f3c2a1"));
    m_guide.expect(
        QStringLiteral("the good release is a candidate of both tracks"),
        [&] {
            int candidates = 0;
            for (const LiveRow &row : m_workspace.console().release().live())
                candidates += row.candidate && shortSha(row.candidate->commit) == good ? 1 : 0;
            return candidates >= 2;
        },
        2 * patience);
    m_guide.picture(
        QStringLiteral("pipeline"),
        QStringLiteral(
            "The pipeline of the good release across its files, with the critical path"));
    page(1);
    m_guide.expect(QStringLiteral("the schema stands in the way"), [&] {
        for (const NextRow &row : m_workspace.console().release().next()) {
            if (row.kind == NextRow::Kind::Track
                && row.permission.first(Reason::Kind::Blocks)
                       .contains(QLatin1String("organization_id")))
                return true;
        }
        return false;
    });
    m_guide.click(QStringLiteral("reasonsButton-0"));
    m_guide.picture(
        QStringLiteral("schema-in-the-way"),
        QStringLiteral(
            "No promotion before EXPAND: the console knows pipeline, traffic and schema together"));
    m_guide.click(QStringLiteral("reasonsButton-0"));
}

const RolloutController *Story::playedTrack() const
{
    const auto &tracks = m_workspace.console().tracks();
    const auto played
        = std::find_if(tracks.begin(), tracks.end(), [this](const RolloutController *track) {
              return track->track().value == m_track;
          });
    return played == tracks.end() ? nullptr : *played;
}

bool Story::nothingRuns() const
{
    const auto view = m_workspace.console().migrations().view(theChange());
    return view && !view->running;
}

qint64 Story::rowsDone() const
{
    const auto view = m_workspace.console().migrations().view(theChange());
    return view && view->running ? view->running->progress.done : -1;
}

bool Story::stepDone(const QString &step) const
{
    const auto view = m_workspace.console().migrations().view(theChange());
    if (!view)
        return false;
    for (const StepView &each : view->steps) {
        if (stepWord(each.step.id) == step)
            return each.step.state == ChangeStep::State::Done;
    }
    return false;
}

QStringList Story::whatStops(const QString &step) const
{
    QStringList reasons;
    const auto view = m_workspace.console().migrations().view(theChange());
    for (const StepView &each : view ? view->steps : QList<StepView>()) {
        if (stepWord(each.step.id) != step)
            continue;
        for (const Reason &reason : each.may.reasons) {
            if (reason.kind == Reason::Kind::Blocks)
                reasons.append(reason.text);
        }
    }
    return reasons;
}

void Story::chooseStep(const QString &step)
{
    auto *table = qobject_cast<QTableView *>(m_guide.find(QStringLiteral("checklist")));
    for (int row = 0; table && row < table->model()->rowCount(); ++row) {
        if (!table->model()->index(row, 0).data().toString().startsWith(step))
            continue;
        m_guide.walkTo(*table, row);
        return;
    }
}

void Story::runStep(const QString &step, const QString &picture, const QString &caption)
{
    chooseStep(step);
    m_guide.click(QStringLiteral("runStepButton"), patience);
    m_guide.expect(QStringLiteral("%1 is to be confirmed").arg(step),
                   [&] { return m_guide.dialog() != nullptr; });
    if (!picture.isEmpty())
        m_guide.picture(picture, caption);
    const auto *dialog = qobject_cast<ConfirmationDialog *>(m_guide.dialog());
    m_guide.confirm(dialog ? dialog->preview().typed : QString(), {}, patience);
}

void Story::expand()
{
    page(4);
    m_guide.expect(
        QStringLiteral("the change is read from the database"),
        [&] {
            const auto view = m_workspace.console().migrations().view(theChange());
            return view && view->facts && !view->steps.isEmpty();
        },
        patience);
    runStep(QStringLiteral("E1"), QStringLiteral("expand-confirmation"),
            QStringLiteral("EXPAND: exact statements, locks and way back before anything runs"));
    m_guide.expect(QStringLiteral("report-nightly is in the way"), [&] {
        return m_guide.textOf(QStringLiteral("waitWords")).contains(QLatin1String("report-nightly"))
               && m_guide.find(QStringLiteral("cancelBlockerButton"));
    });
    m_guide.picture(QStringLiteral("lock-in-the-way"),
                    QStringLiteral("The lock is not forced: who is in the way, by name and age"));
    m_guide.expect(
        QStringLiteral("E1 is done"), [&] { return stepDone(QStringLiteral("E1")); }, patience);
    runStep(QStringLiteral("E2"), {}, {});
    m_guide.expect(
        QStringLiteral("E2 is done"),
        [&] { return stepDone(QStringLiteral("E2")) && nothingRuns(); }, patience);
    m_guide.picture(QStringLiteral("expanded"),
                    QStringLiteral("EXPAND done, each step proved by the live database"));
}

void Story::goodRelease()
{
    promote(10, QStringLiteral("watched by hand"), QStringLiteral("promote-confirmation"),
            QStringLiteral("Promote 0 → 10: what will be sent, for and against, way back"));
    armGuard();
    page(4);
    runStep(QStringLiteral("M2"), {}, {});
    m_guide.expect(
        QStringLiteral("the backfill moves"),
        [&] {
            const auto view = m_workspace.console().migrations().view(theChange());
            return view && view->running && view->running->progress.done > 0;
        },
        patience);
    m_guide.picture(QStringLiteral("backfill"),
                    QStringLiteral("MIGRATE: the batched backfill, with rate and time to go"));
    promote(50, QStringLiteral("watched by hand"), {}, {});
    m_guide.picture(QStringLiteral("canary-good"),
                    QStringLiteral("Canary: stable against candidate on one time axis, weights "
                                   "asked, accepted and measured"));
    cloudRun();
    promote(100, QStringLiteral("watched by hand"), {}, {});
    m_guide.expect(
        QStringLiteral("the good release is stable"),
        [&] {
            const QList<LiveRow> &live = m_workspace.console().release().live();
            return !live.isEmpty() && live[0].stable
                   && shortSha(live[0].stable->commit) == shortOf(QStringLiteral("9f3c2a1"));
        },
        2 * patience);
    page(1);
    m_guide.picture(
        QStringLiteral("good-live"),
        QStringLiteral(
            "The good release has all of its track's traffic; what is still behind stands beside"));
}

void Story::badRelease()
{
    const QString bad = shortOf(QStringLiteral("c41d77e"));
    m_guide.expect(
        QStringLiteral("the next release is a candidate"),
        [&] {
            const QList<LiveRow> &live = m_workspace.console().release().live();
            return !live.isEmpty() && live[0].candidate
                   && shortSha(live[0].candidate->commit) == bad;
        },
        2 * patience);
    compare();
    promoteByNext(10);
    promote(50, QStringLiteral("load test covers it"), QStringLiteral("promote-against"),
            QStringLiteral("Promote 10 → 50 with something against it: a reason is asked"));
    m_guide.expect(
        QStringLiteral("the error ratio fails"),
        [&] {
            const RolloutController *track = playedTrack();
            return track && track->verdict() == Verdict::Fail
                   && track->nextAction().kind == NextAction::Kind::RollBack;
        },
        2 * patience);
    m_guide.expect(
        QStringLiteral("the alert fires"),
        [&] {
            const RolloutController *track = playedTrack();
            return track && !track->alerts().isEmpty()
                   && track->alerts().first().state == QLatin1String("firing");
        },
        patience);
    m_guide.picture(
        QStringLiteral("canary-bad"),
        QStringLiteral(
            "It goes bad at the mark where the weight changed; the next action is to roll back"));
    evidence();
    closing();
}

/// The text of a row of the confirmation that is open; empty without one.
QString Story::rowOf(const QString &label) const
{
    QStringList texts;
    if (const auto *dialog = qobject_cast<ConfirmationDialog *>(m_guide.dialog())) {
        for (const PreviewRow &row : dialog->preview().rows) {
            if (row.label == label)
                texts << row.text;
        }
    }
    return texts.join(QLatin1Char('\n'));
}

void Story::rollBack()
{
    m_guide.key(Qt::Key_F12);
    m_guide.expect(
        QStringLiteral("the screen of a night shows what hurts and the way back"),
        [&] {
            const QWidget *way = m_guide.find(QStringLiteral("wayButton-1"));
            return way && way->isEnabled()
                   && m_guide.textOf(QStringLiteral("wayButton-1"))
                          .contains(QLatin1String("Roll back"));
        },
        patience);
    m_guide.expect(
        QStringLiteral("every row of it has its answer"),
        [&] { return hasSettled(m_workspace.window().pages().onCall().shown()); }, patience);
    m_guide.picture(QStringLiteral("on-call"),
                    QStringLiteral("On call: what hurts since when, what changed before, a key for "
                                   "each way out"));
    m_guide.key(Qt::Key_1);
    m_guide.expect(QStringLiteral("the rollback is to be confirmed"),
                   [&] { return m_guide.dialog() != nullptr; });
    // Somebody saw the dry run and acts with kubectl: the target is the same, so the dialog stays
    // good.
    m_guide.expect(
        QStringLiteral("somebody else's write is shown"),
        [&] {
            return m_guide.textOf(QStringLiteral("confirmationNotice"))
                       .contains(QLatin1String("Your target is the same"))
                   && rowOf(QStringLiteral("Dry run")).startsWith(QLatin1String("taken"));
        },
        patience);
    m_guide.expect(
        QStringLiteral("the run that could still promote is named"),
        [&] { return rowOf(QStringLiteral("Runs")).startsWith(QLatin1String("cancels run ")); },
        patience);
    m_guide.expect(
        QStringLiteral("what the schema allows, what is held and what stays as it is are told"),
        [&] {
            const auto *dialog = qobject_cast<ConfirmationDialog *>(m_guide.dialog());
            const auto *box
                = dialog ? dialog->findChild<QCheckBox *>(QStringLiteral("optionBox")) : nullptr;
            return box && box->isChecked()
                   && rowOf(QStringLiteral("Schema")).startsWith(QLatin1String("safe: "))
                   && rowOf(QStringLiteral("Not moved")).contains(QLatin1String("config map "));
        },
        patience);
    m_guide.picture(
        QStringLiteral("rollback-confirmation"),
        QStringLiteral("Roll back: never refused, typed target, way back and schema checked; what "
                       "somebody else did meanwhile is marked"));
    const auto *dialog = qobject_cast<ConfirmationDialog *>(m_guide.dialog());
    m_guide.confirm(dialog ? dialog->preview().typed : QString(), {}, patience);
    m_guide.expect(QStringLiteral("the candidate has no traffic"), [&] {
        const RolloutController *track = playedTrack();
        return track && track->weights().accepted == Weight{0};
    });
    m_guide.expect(
        QStringLiteral("no run can promote any more"),
        [&] {
            const RolloutController *track = playedTrack();
            const auto desks = m_workspace.console().movingRuns();
            return track && track->runs().stillAble.isEmpty()
                   && std::all_of(desks.cbegin(), desks.cend(), [&](const MovingRunsDesk *runs) {
                          return !runs->busy() && runs->runs(track->track()).runs.isEmpty();
                      });
        },
        patience);
    m_guide.expect(
        QStringLiteral("the service is well again"),
        [&] {
            return m_sandbox.state()
                       .value(QLatin1String("tracks"))
                       .toObject()
                       .value(m_track)
                       .toObject()
                       .value(QLatin1String("errorRatio"))
                       .toDouble(1)
                   < 0.005;
        },
        patience);
    m_guide.expect(QStringLiteral("the hold is written down"), [&] {
        const RolloutController *track = playedTrack();
        return track && track->hold() && track->mayHold().allowed();
    });
    page(3);
    showTrack(m_track);
    m_guide.picture(QStringLiteral("rolled-back"),
                    QStringLiteral("Rolled back: all traffic on the good release"));
}

} // namespace pilothouse
