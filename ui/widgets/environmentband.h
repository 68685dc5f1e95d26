#pragma once

#include "action/preview.h"

#include <QWidget>

namespace pilothouse {

/// The environment by colour *and* word, striped for a rehearsal, over the whole width.
/// Stands at the top of the window and of every confirmation.
class EnvironmentBand final : public QWidget
{
    Q_OBJECT

public:
    explicit EnvironmentBand(QWidget *parent = nullptr);

    void setEnvironment(const EnvironmentMark &mark);
    /// After the word: "context-intelligence", "standalone". On the right: "Promote 10 → 50".
    void setTexts(const QString &left, const QString &right);

    [[nodiscard]] QSize sizeHint() const override;
    /// "PRODUCTION", "REHEARSAL", or the name in capitals.
    [[nodiscard]] static QString word(const EnvironmentMark &mark);

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    EnvironmentMark m_mark;
    QString m_left;
    QString m_right;
};

} // namespace pilothouse
