// First, because it says which layer of styles lies above which.
import './app/global.css';
import './app/mantine.css';
import '@fontsource-variable/inter/wght.css';
import '@fontsource-variable/jetbrains-mono/wght.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app/app';

const container = document.getElementById('root');
if (container === null) throw new Error('index.html has no element #root');
createRoot(container).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
