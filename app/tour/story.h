#pragma once

#include <QStringList>

namespace pilothouse {

class RolloutController;
class Guide;
class SandboxProcess;
class WorkspaceWindow;

/// The main job of the console, told on the rehearsal: a red run is read, a good release is taken
/// to production while its schema change expands and migrates, a bad one goes wrong and is rolled
/// back, the change is contracted, the journal tells it all. Each scene leaves the world to the
/// next one.
class Story final
{
public:
    Story(Guide &guide, WorkspaceWindow &workspace, SandboxProcess &sandbox);

    void tell();

private:
    /// How long a step of the story may take, ms.
    static constexpr int patience = 60'000;

    void opening();
    void redRun();
    void allJobs();
    void againstLastGreen();
    void doctor();
    void folding();
    void acting();
    void schemaStandsInTheWay();
    void expand();
    void goodRelease();
    void cloudRun();
    void badRelease();
    void armGuard();
    void evidence();
    void closing();
    void compare();
    void openComparison();
    void chooseSection(const QString &section);
    void closeComparison();
    [[nodiscard]] QString rowOf(const QString &label) const;
    void rollBack();
    void contractRefused();
    void contract();
    void chosenByHand();
    void incident();
    void history();
    void darkRound();
    void badWeather();
    void refusedLogs();
    void openLog(const QString &job);

    void chooseStep(const QString &step);
    void runStep(const QString &step, const QString &picture, const QString &caption);
    void promote(int to, const QString &reason, const QString &picture, const QString &caption);
    /// The same by the button of the next action on the first page, where no reason is asked.
    void promoteByNext(int to);
    void confirmPromotion(int to, const QString &reason, const QString &picture,
                          const QString &caption);
    void retire(const QString &track);
    void chooseRelease(const QString &nickname);
    void page(int number);
    void showTrack(const QString &track);
    [[nodiscard]] const RolloutController *playedTrack() const; ///< null while there is none
    [[nodiscard]] bool nothingRuns() const; ///< no step of the change is under way
    [[nodiscard]] bool stepDone(const QString &step) const;
    /// Of the step that is under way; -1 = none is.
    [[nodiscard]] qint64 rowsDone() const;
    /// What stops a step now, in the words of the page.
    [[nodiscard]] QStringList whatStops(const QString &step) const;
    [[nodiscard]] QString shortOf(const QString &nickname) const;

    Guide &m_guide;
    WorkspaceWindow &m_workspace;
    SandboxProcess &m_sandbox;
    QString m_track;
};

} // namespace pilothouse
