#pragma once

#include "base/result.h"

#include <QWidget>

class QLabel;
class QListWidget;
class QPushButton;

namespace pilothouse {

class SetUpView;
class StateView;

/// Where no workspace is open: recent ones, or what the first one could be made of; the rehearsal,
/// open a file, make one from a clone. Where a file could not be read, every mistake in it with its
/// place.
class StartWindow final : public QWidget
{
    Q_OBJECT

public:
    explicit StartWindow(QWidget *parent = nullptr);

    void showRecent(const QStringList &files);
    /// A sentence above the list: why this page stands here.
    void say(const QString &sentence);
    /// The rehearsal is being made ready: it cannot be asked for twice.
    void setRehearsing(bool rehearsing);
    /// Every mistake of a workspace file; "Read Again" asks for it once more.
    void showMistakes(const QString &file, const Error &error);

    /// What stands where no workspace is recent.
    [[nodiscard]] SetUpView &setUp() { return *m_setUp; }
    /// Makes a workspace for a clone and asks for it, or says why there is none.
    void openClone(const QString &folder);
    void chooseClone();

    /// A minimal workspace for a clone: its workflows drawn, nothing else. The written file's path,
    /// or why it could not be written. An existing file is never touched.
    [[nodiscard]] static Result<QString> makeFromClone(const QString &folder);

Q_SIGNALS:
    void openRequested(const QString &file);
    void rehearsalRequested();
    /// What stands where no workspace is recent is to be looked for anew.
    void lookRequested();

private:
    void chooseFile();
    void setSetUpVisible(bool visible);

    QLabel *m_notice;
    StateView *m_state;
    QListWidget *m_list;
    SetUpView *m_setUp;
    QPushButton *m_look;
    QPushButton *m_rehearse;
    QString m_file;
};

} // namespace pilothouse
