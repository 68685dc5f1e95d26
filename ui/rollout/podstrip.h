#pragma once

#include "action/reason.h"

#include <QWidget>

class QComboBox;
class QLabel;
class QPushButton;
class QStringListModel;

namespace pilothouse {

class Panel;
class RolloutController;
class TrackPods;

/// The pods of one track: how many are ready, what the stable ones could carry alone, their newest
/// error, and the way to their logs. The controller outlives it.
class PodStrip final : public QWidget
{
    Q_OBJECT

public:
    explicit PodStrip(RolloutController &track, QWidget *parent = nullptr);

    /// Where errors and loads are known; looked at while this is visible. It outlives the strip.
    void setPods(TrackPods &pods);
    void refresh();

    /// The one whose log can be opened; empty = there is none.
    [[nodiscard]] QString chosenPod() const;
    /// Stays as it is if there is no such pod.
    void choosePod(const QString &pod);
    [[nodiscard]] QWidget &choice() const;

Q_SIGNALS:
    void podLogWanted(const QString &pod);
    void programLogWanted();

protected:
    void showEvent(QShowEvent *event) override;
    void hideEvent(QHideEvent *event) override;

private:
    void refreshChoice(const QStringList &pods);
    void refreshError();

    RolloutController &m_track;
    TrackPods *m_pods = nullptr;
    Panel *m_panel;
    QLabel *m_words;
    QLabel *m_error;
    QPushButton *m_errorLog;
    QString m_errorPod;
    QStringListModel *m_podNames;
    QComboBox *m_choice;
    QPushButton *m_log;
    QPushButton *m_programLog; ///< of the program that changes the weight, where one does
};

} // namespace pilothouse
