#pragma once

#include "base/result.h"
#include "ui/widgets/theme.h"

#include <QWidget>

class QLabel;
class QPushButton;
class QTimer;

namespace pilothouse {

/// What stands where content would be: loading, empty, failed, not allowed, signed out.
/// Loading shows the layout as grey bars at once and names what is awaited after 5 s.
class StateView final : public QWidget
{
    Q_OBJECT

public:
    explicit StateView(QWidget *parent = nullptr);

    /// Grey bars; after 5 s "waiting for <whom>".
    void showLoading(const QString &whom);
    /// What would stand here and what makes it come.
    void showEmpty(const QString &headline, const QString &sentence);
    /// The error's sentence, what still works, and a button to try again (empty text = no button).
    void showError(const Error &error, const QString &stillWorks, const QString &button);

    [[nodiscard]] QString headline() const;

Q_SIGNALS:
    void retryRequested();

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    void display(Tone tone, const QString &icon, const QString &headline, const QString &sentence,
                 const QString &button);

    QLabel *m_icon;
    QLabel *m_headline;
    QLabel *m_sentence;
    QPushButton *m_button;
    QTimer *m_patience;
    QString m_whom;
    enum class Mode { Loading, Text } m_mode = Mode::Text;
};

} // namespace pilothouse
